import { z } from 'zod';
import { placeSchema } from './triggers/shared.ts';

/** What a patch is optimised with; sizes and places are pixels at `resolution`. */
export const patchOptimisingSchema = z.object({
  size: z.number().int().min(1).max(512),
  place: placeSchema.refine(
    ({ kind }) => kind !== 'random',
    'choose a place that is the same on every picture',
  ),
  resolution: z.number().int().min(1).max(4096),
  steps: z.number().int().min(1).max(100_000),
  batchSize: z.number().int().min(1).max(4096),
  /** Of Adam, the patch's values being in [0, 1]. */
  learningRate: z.number().positive().max(1),
  seed: z.number().int().min(0),
});
export type PatchOptimising = z.infer<typeof patchOptimisingSchema>;

/** What a form or a command offers before anything is chosen. */
export const optimisingDefaults = { steps: 200, batchSize: 64, learningRate: 0.02, seed: 0 } as const;
