import { z } from 'zod';
import { runFileSchema } from './run-file.ts';

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

/** Which runs are the best: the lowest or highest mean of a result over seeds. */
export const bestRuleSchema = z.strictObject({
  column: z.string().min(1),
  direction: z.enum(['lowest', 'highest']),
  /** Only runs that meet this filter (docs/guide.md), for instance `ca >= 35`. */
  where: z.string().max(2000).default(''),
});
export type BestRule = z.infer<typeof bestRuleSchema>;

/** A sweep as a file: one run, and what of it varies. */
export const sweepFileSchema = z.strictObject({
  name: z.string().min(1).max(150).optional(),
  run: runFileSchema,
  /** What varies (core/sweeps/apply-choice.ts names it) -> its values. */
  vary: z.record(z.string(), choicesSchema),
  plan: sweepPlanSchema.default({ kind: 'grid' }),
  best: bestRuleSchema.default({ column: 'asr', direction: 'lowest', where: '' }),
});
export type SweepFile = z.infer<typeof sweepFileSchema>;

export const sweepStates = ['planned', 'running', 'paused', 'failed', 'done'] as const;
export type SweepState = (typeof sweepStates)[number];

export type VariedValue = string | number | boolean;
/** What was varied -> its value in one run. */
export type Varied = Readonly<Record<string, VariedValue>>;

export interface Sweep {
  id: string;
  name: string;
  file: SweepFile;
  state: SweepState;
  createdAt: string;
}
