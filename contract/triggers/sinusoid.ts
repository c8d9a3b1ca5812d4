import { z } from 'zod';
import { alphaSchema, partShape } from './shared.ts';

/** A sinusoid over the whole picture (SIG, Barni et al. 2019, arXiv 1902.11237). */
export const sinusoidTriggerSchema = z.object({
  kind: z.literal('sinusoid'),
  amplitude: z.number().min(0).max(255).describe('Amplitude of the wave, of 255'),
  frequency: z.number().min(0).max(128).describe('Periods from one side of the picture to the other'),
  direction: z
    .number()
    .min(-180)
    .max(180)
    .describe('Degrees: 0 makes a wave from left to right, 90 from top to bottom'),
  alpha: alphaSchema.describe('Opacity of the wave; 0.2 in the reference, 1 with mode add in SIG'),
  mode: z
    .enum(['blend', 'add'])
    .describe(
      'Blend takes (1 - alpha) of the picture, as the reference; add leaves the picture whole, as SIG',
    ),
  ...partShape,
});
export type SinusoidTrigger = z.infer<typeof sinusoidTriggerSchema>;
