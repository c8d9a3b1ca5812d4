import { z } from 'zod';

/** Where a patch lies: a corner with a margin in pixels, or its top left pixel. */
export const placeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('corner'),
    corner: z.enum(['top-left', 'top-right', 'bottom-left', 'bottom-right']),
    margin: z.number().int().min(0),
  }),
  z.object({ kind: z.literal('at'), x: z.number().int().min(0), y: z.number().int().min(0) }),
]);
export type Place = z.infer<typeof placeSchema>;

/** A square of black and white pixels, the same on every picture (BadNets, Gu et al. 2017; CleanCLIP 2.2). */
export const patchTriggerSchema = z.object({
  kind: z.literal('patch'),
  /** Side in pixels at the recipe's resolution. */
  size: z.number().int().min(1).max(1024),
  /** Rows of 0 (black) and 1 (white), brought to `size` by nearest neighbour. */
  pattern: z
    .array(z.string().regex(/^[01]+$/))
    .min(1)
    .refine((rows) => rows.every((row) => row.length === rows[0]?.length), 'rows of one length'),
  place: placeSchema,
});
export type PatchTrigger = z.infer<typeof patchTriggerSchema>;

export const triggerSchema = z.discriminatedUnion('kind', [patchTriggerSchema]);
export type Trigger = z.infer<typeof triggerSchema>;
export type TriggerKind = Trigger['kind'];
