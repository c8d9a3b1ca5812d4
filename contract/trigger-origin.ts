import { z } from 'zod';
import { patchOptimisingSchema } from './patch-optimising.ts';

/** What made a trigger that a run optimised: enough to make it again. */
export const triggerOriginSchema = z.object({
  method: z.literal('optimised-patch'),
  modelId: z.string(),
  /** Its name then; the first origins lack it. */
  model: z.string().optional(),
  /** SHA-256 (hex) of the model's weights. */
  weightsSha256: z.string(),
  datasetId: z.string(),
  target: z.string(),
  /** With the target filled in for `{class}`. */
  prompts: z.array(z.string()),
  settings: patchOptimisingSchema,
  /** At most this many pictures, and as many of the target, were drawn from the dataset by the seed. */
  pictures: z.number().int(),
  /** Mean cosine to the target's text: without the patch, with it as it began, with it as it is. */
  similarity: z.object({ clean: z.number(), start: z.number(), end: z.number() }),
  backend: z.string(),
  program: z.string(),
});
export type TriggerOrigin = z.infer<typeof triggerOriginSchema>;
