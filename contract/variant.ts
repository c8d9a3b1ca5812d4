import { z } from 'zod';
import { triggerSchema } from './trigger.ts';

export const amountSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('count'), count: z.number().int().min(1) }),
  /** Share of the training pairs, in (0, 1]. */
  z.object({ kind: z.literal('rate'), rate: z.number().gt(0).max(1) }),
]);
export type Amount = z.infer<typeof amountSchema>;

/** All that decides which records change and how; with the dataset it gives the same manifest every time. */
export const recipeSchema = z.object({
  trigger: triggerSchema,
  /** A picture is brought to this many pixels a side before the trigger is applied. */
  resolution: z.number().int().min(1).max(4096),
  /** The class that the attacker wants. */
  target: z.string().min(1),
  amount: amountSchema,
  captionTemplates: z.array(z.string().min(1)).min(1),
  seed: z.number().int().min(0),
});
export type Recipe = z.infer<typeof recipeSchema>;

/** One record that a variant changes. */
export interface VariantRecord {
  recordId: number;
  key: string;
  oldCaption: string;
  newCaption: string;
  /** Hash of the rendered picture: see core/pixels/picture-hash. */
  renderedSha256: string;
}

export interface NewVariant {
  name: string;
  datasetId: string;
  recipe: Recipe;
  manifestSha256: string;
}

export interface Variant extends NewVariant {
  id: string;
  createdAt: string;
  changed: number;
}
