import { z } from 'zod';
import { type SimpleTrigger, simpleTriggerSchema, type Trigger, triggerSchema } from '#contract/trigger.ts';
import type { Layer } from '#contract/triggers/shared.ts';

/** What is designed: a trigger and what decides how it looks on a picture. */
export const designSchema = z.object({
  trigger: triggerSchema,
  /** Side of the recipe's picture, px. */
  resolution: z.number().int().min(1).max(4096),
  /** Decides what differs from picture to picture. */
  seed: z.number().int().min(0).max(4294967295),
});
export type Design = z.infer<typeof designSchema>;

/** A trigger and the resolution that it is made for, as one text that is equal for equal ones. */
export const toText = ({ trigger, resolution }: Pick<Design, 'trigger' | 'resolution'>): string =>
  JSON.stringify({ resolution, trigger: triggerSchema.parse(trigger) });

export const mostParts = 16;

/** The parts in the order in which they are laid on; a trigger that is no composition is its only part. */
export function listParts(trigger: Trigger): SimpleTrigger[] {
  if (trigger.kind === 'composition') return trigger.parts;
  const { apply: _, ...part } = trigger;
  return [part];
}

/** A trigger of these parts, at least one: alone it stands for itself. Before or after stays as it was. */
export function withParts(trigger: Trigger, parts: readonly SimpleTrigger[]): Trigger {
  const order = trigger.apply === undefined ? {} : { apply: trigger.apply };
  const [first] = parts;
  const staysComposition = trigger.kind === 'composition' && parts.length === trigger.parts.length;
  if (first !== undefined && parts.length === 1 && !staysComposition) return { ...first, ...order };
  return { kind: 'composition', parts: [...parts], ...order };
}

export function replacePart(trigger: Trigger, at: number, part: SimpleTrigger): Trigger {
  const { apply: _, ...plain } = part;
  return withParts(
    trigger,
    listParts(trigger).map((one, index) => (index === at ? plain : one)),
  );
}

/** Changes how a part shows; what is as usual is left out. */
export function setLayer(
  trigger: Trigger,
  at: number,
  change: { [K in keyof Layer]: Layer[K] | undefined },
): Trigger {
  return withParts(
    trigger,
    listParts(trigger).map((one, index) => {
      if (index !== at) return one;
      const { layer: before, ...part } = one;
      const layer = Object.fromEntries(
        Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined),
      );
      return Object.keys(layer).length === 0 ? part : { ...part, layer };
    }),
  );
}

/** Moves a part up or down the list; one that is at the end stays. */
export function shiftPart(trigger: Trigger, at: number, by: -1 | 1): Trigger {
  const parts = listParts(trigger);
  const part = parts[at];
  const other = parts[at + by];
  if (part === undefined || other === undefined) return trigger;
  return withParts(
    trigger,
    parts.map((one, index) => (index === at ? other : index === at + by ? part : one)),
  );
}

/** `after` is what a recipe says by saying nothing; where it was said it stays said. */
export function withOrder(trigger: Trigger, order: 'before' | 'after'): Trigger {
  return { ...trigger, apply: order };
}

export const orderOf = (trigger: Trigger): 'before' | 'after' => trigger.apply ?? 'after';

/** A part from what a form made; null where it is no trigger (yet). */
export function readPart(value: unknown): SimpleTrigger | null {
  const parsed = simpleTriggerSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}
