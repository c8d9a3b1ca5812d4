import { z } from 'zod';
import { splitSchema } from './dataset.ts';

const countsSchema = z.object({
  groups: z.number().int(),
  /** Pictures beyond the first of each group. */
  pictures: z.number().int(),
  /** Pictures of validation or test in a group that has training pictures. */
  leaked: z.number().int(),
});

/** `exact`: all pictures of a group have the same pixels. `near`: they look nearly the same to a model. */
export const duplicateCountsSchema = z.object({ exact: countsSchema, near: countsSchema });
export type DuplicateCounts = z.infer<typeof duplicateCountsSchema>;

export const duplicateGroupSchema = z.object({
  number: z.number().int(),
  kind: z.enum(['exact', 'near']),
  /** It has training pictures and others. */
  leak: z.boolean(),
  /** Each picture by its first record. */
  pictures: z.array(
    z.object({
      recordId: z.number().int(),
      key: z.string(),
      split: splitSchema,
      label: z.string().nullable(),
      caption: z.string(),
      sha256: z.string(),
      width: z.number().int(),
      height: z.number().int(),
    }),
  ),
});
export type DuplicateGroup = z.infer<typeof duplicateGroupSchema>;

/**
 * What becomes of duplicates in a new dataset. leave-out: one picture of each group stays, one of test before validation
 * before train, so that a leak leaves the training pictures. keep-together: all pictures of a group get the split that
 * most of them have.
 */
export const duplicateActions = ['leave-out', 'keep-together'] as const;
export const duplicateActionSchema = z.enum(duplicateActions);
export type DuplicateAction = z.infer<typeof duplicateActionSchema>;
