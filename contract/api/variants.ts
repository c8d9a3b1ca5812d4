import { oc } from '@orpc/contract';
import { z } from 'zod';
import { amountSchema, recipeSchema } from '../variant.ts';
import { mediaSchema, referenceSchema, timeSchema } from './shared.ts';

export const variantViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  datasetId: z.string(),
  dataset: z.string(),
  recipe: recipeSchema,
  manifestSha256: z.string(),
  changed: z.number().int(),
  createdAt: timeSchema,
  /** A few changed pictures. */
  thumbnails: z.array(mediaSchema),
});
export type VariantView = z.infer<typeof variantViewSchema>;

export const variantRequestSchema = z.object({
  name: z.string().min(1).max(200).optional(),
  dataset: referenceSchema,
  trigger: z.literal('patch'),
  patchSize: z.number().int().min(1).max(1024),
  resolution: z.number().int().min(1).max(4096),
  target: z.string().min(1),
  amount: amountSchema,
  seed: z.number().int().min(0),
});
export type VariantRequest = z.infer<typeof variantRequestSchema>;

export const variantsApi = {
  list: oc.output(z.array(variantViewSchema)),
  get: oc.input(z.object({ variant: referenceSchema })).output(variantViewSchema),
  create: oc.input(variantRequestSchema).output(z.object({ jobId: z.string() })),
  /** Changed records, clean beside poisoned. */
  page: oc
    .input(
      z.object({
        variant: referenceSchema,
        text: z.string().max(1000).default(''),
        offset: z.number().int().min(0),
        limit: z.number().int().min(1).max(500),
      }),
    )
    .output(
      z.object({
        total: z.number().int(),
        rows: z.array(
          z.object({
            recordId: z.number().int(),
            key: z.string(),
            oldCaption: z.string(),
            newCaption: z.string(),
            renderedSha256: z.string(),
            clean: mediaSchema,
            poisoned: mediaSchema,
          }),
        ),
      }),
    ),
};
