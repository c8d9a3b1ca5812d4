import { z } from 'zod';

const rangeSchema = z.strictObject({
  from: z.number(),
  to: z.number(),
  /** Distance of neighbours; or how many there are. In a random sample both may be left out. */
  step: z.number().positive().optional(),
  count: z.number().int().min(1).max(10_000).optional(),
  scale: z.enum(['linear', 'log']).default('linear'),
  /** Whole numbers only. */
  integer: z.boolean().default(false),
});

/** What a varied setting may be: a list of values, or a range of numbers. */
export const choicesSchema = z.union([z.array(z.union([z.string(), z.number(), z.boolean()])), rangeSchema]);
export type Choices = z.infer<typeof choicesSchema>;

/** Every combination, or a seeded random sample of so many. */
export const sweepPlanSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('grid') }),
  z.strictObject({
    kind: z.literal('random'),
    samples: z.number().int().min(1).max(10_000),
    seed: z.number().int().min(0).default(0),
  }),
]);
export type SweepPlan = z.infer<typeof sweepPlanSchema>;
