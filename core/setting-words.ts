import { z } from 'zod';
import { methodNames, methodOf } from '#contract/methods/method-registry.ts';
import { pairSelectionSchema, seedSchema } from '#contract/run.ts';

const shapes: readonly z.core.$ZodShape[] = [
  ...methodNames.map((name) => methodOf(name).settings.shape),
  pairSelectionSchema.shape,
  { seed: seedSchema },
];

/** Every setting of a run by its name, in the words of its schema. */
export const settingWords: ReadonlyMap<string, string> = new Map(
  shapes.flatMap((shape) =>
    Object.entries(shape).map(([name, schema]) => [name, z.globalRegistry.get(schema)?.title ?? name]),
  ),
);
