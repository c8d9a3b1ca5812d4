import { z } from 'zod';
import type { TriggerOrigin } from './trigger-origin.ts';
import { blendedTriggerSchema } from './triggers/blended.ts';
import { colourTriggerSchema } from './triggers/colour.ts';
import { frequencyTriggerSchema } from './triggers/frequency.ts';
import { patchTriggerSchema } from './triggers/patch.ts';
import { orderShape } from './triggers/shared.ts';
import { sinusoidTriggerSchema } from './triggers/sinusoid.ts';
import { stripesTriggerSchema, textTriggerSchema, trianglesTriggerSchema } from './triggers/structured.ts';
import { warpTriggerSchema } from './triggers/warp.ts';

export { type PatchTrigger, patchTriggerSchema } from './triggers/patch.ts';
export { type Place, placeSchema } from './triggers/shared.ts';

const simpleTriggerSchemas = [
  patchTriggerSchema,
  blendedTriggerSchema,
  sinusoidTriggerSchema,
  warpTriggerSchema,
  stripesTriggerSchema,
  trianglesTriggerSchema,
  textTriggerSchema,
  frequencyTriggerSchema,
  colourTriggerSchema,
] as const;

export const simpleTriggerSchema = z.discriminatedUnion('kind', simpleTriggerSchemas);
export type SimpleTrigger = z.infer<typeof simpleTriggerSchema>;

/** Triggers laid on one after the other. */
export const compositionTriggerSchema = z.object({
  kind: z.literal('composition'),
  parts: z
    .array(simpleTriggerSchema)
    .min(1)
    .max(16)
    .refine(
      (parts) => parts.every(({ apply }) => apply === undefined),
      'say before or after for the composition, not for its parts',
    )
    .describe('Triggers in the order in which they are applied'),
  ...orderShape,
});
export type CompositionTrigger = z.infer<typeof compositionTriggerSchema>;

/**
 * What an attacker does to a picture. Sizes and places are pixels at the recipe's resolution. The form of patches
 * with rows of 0 and 1 is that of the first version: recipes stored then read and hash as they did.
 */
export const triggerSchema = z.discriminatedUnion('kind', [
  ...simpleTriggerSchemas,
  compositionTriggerSchema,
]);
export type Trigger = z.infer<typeof triggerSchema>;
export type TriggerKind = Trigger['kind'];

/** Every kind of trigger, in the order in which they are shown. */
export const triggerKinds: readonly TriggerKind[] = triggerSchema.options.map(
  ({ shape }) => shape.kind.value,
);

/** A trigger kept under a name. */
export interface StoredTrigger {
  id: string;
  name: string;
  /** Counts from 1 for each name. */
  version: number;
  trigger: Trigger;
  /** Pixels a side of the recipe that it was made for, in which its sizes and places count. */
  resolution: number;
  createdAt: string;
  /** What made it, where a run did. */
  origin: TriggerOrigin | null;
}
