import { z } from 'zod';
import {
  alphaSchema,
  embeddedPictureShape,
  holdsItsPixels,
  partShape,
  pixelsMessage,
  seedSchema,
} from './shared.ts';

/** What is blended in over the whole picture. */
export const blendedPatternSchema = z.discriminatedUnion('kind', [
  /** Uniform noise, the same on every picture. */
  z.object({ kind: z.literal('noise'), seed: seedSchema }),
  /** Other uniform noise on each picture, as the paper's code draws it; follows from the recipe's seed and the record. */
  z.object({ kind: z.literal('noise-per-picture') }),
  /** Any picture, stretched over the whole; where it is transparent less of it is blended in. */
  z.object({ kind: z.literal('picture'), ...embeddedPictureShape }).refine(holdsItsPixels, pixelsMessage),
]);

/** A pattern blended over the whole picture (Chen et al. 2017, arXiv 1712.05526; CleanCLIP 4.1: noise, 0.2). */
export const blendedTriggerSchema = z.object({
  kind: z.literal('blended'),
  alpha: alphaSchema.describe('Opacity of the pattern; 0.2 in the paper'),
  pattern: blendedPatternSchema,
  ...partShape,
});
export type BlendedTrigger = z.infer<typeof blendedTriggerSchema>;
