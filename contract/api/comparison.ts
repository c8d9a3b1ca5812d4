import { oc } from '@orpc/contract';
import { z } from 'zod';
import { evaluationViewSchema, studiedModelSchema } from './models.ts';
import { referenceSchema } from './shared.ts';

/** An attack with all that a reader needs to make it again, or to tell it from another. */
export const attackDetailsSchema = z.object({
  variant: z.string(),
  variantId: z.string(),
  /** Which of the variant's attacks, from 1, and how many it has. */
  number: z.number().int(),
  of: z.number().int(),
  trigger: z.string(),
  /** Of the trigger; pixels at `resolution`. */
  parameters: z.record(z.string(), z.unknown()),
  resolution: z.number().int(),
  target: z.string(),
  strategy: z.string(),
  /** Poisoned pairs, and their share of the training pairs, in [0, 1]. */
  poisons: z.number().int(),
  rate: z.number().nullable(),
  seed: z.number().int(),
  manifestSha256: z.string(),
});
export type AttackDetails = z.infer<typeof attackDetailsSchema>;

/** Runs, and models that were brought from a file, side by side; `runs` names either. */
export const comparisonSchema = z.object({
  runs: z.array(
    studiedModelSchema.extend({
      evaluation: evaluationViewSchema.nullable(),
      /** What it was attacked with; null where nothing was. */
      attack: attackDetailsSchema.nullable(),
      /** Runs that differ in nothing but their seed share it. */
      group: z.string(),
      /** Why its numbers cannot be put beside those of the first measured one: other pictures, counts or attacks. */
      notes: z.array(z.string()),
    }),
  ),
  /** Settings that differ: setting -> run id -> value. */
  differences: z.record(
    z.string(),
    z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  ),
  /** Mean and 95 % interval over the seeds of a group (Student's t), for groups of two and more. */
  groups: z.array(
    z.object({
      group: z.string(),
      label: z.string(),
      runIds: z.array(z.string()),
      ca: z.object({ mean: z.number(), low: z.number(), high: z.number() }),
      asr: z.object({ mean: z.number(), low: z.number(), high: z.number() }).nullable(),
      /** Whether its models were trained on the attack; null where nothing was attacked or nobody knows. */
      trainedOn: z.boolean().nullable(),
    }),
  ),
});
export type ComparisonView = z.infer<typeof comparisonSchema>;

const changeSchema = z
  .object({ value: z.number(), low: z.number(), high: z.number(), count: z.number().int() })
  .nullable();

/** Differences to the baseline on the same pictures, with paired bootstrap 95 % intervals; null where they are not the same. */
export const pairedChangesSchema = z.object({
  ca: changeSchema,
  top5: changeSchema,
  asr: changeSchema,
  attackTop5: changeSchema,
  poisonedAccuracy: changeSchema,
  targetWithoutTrigger: changeSchema,
});
export type PairedChanges = z.infer<typeof pairedChangesSchema>;

/** By run id; the baseline and what is not measured have none. */
export const changesByRunSchema = z.record(z.string(), pairedChangesSchema);
export type ChangesByRun = z.infer<typeof changesByRunSchema>;

export const comparisonApi = {
  /** What each differs from the baseline by; with none given from the nearest measured model that it came from. */
  changes: oc
    .input(z.object({ runs: z.array(referenceSchema).min(1).max(50), baseline: referenceSchema.nullable() }))
    .output(changesByRunSchema),
  get: oc.input(z.object({ runs: z.array(referenceSchema).min(1).max(50) })).output(comparisonSchema),
  /** Measures those runs that have no evaluation yet, as a job; null where none is missing. */
  measureMissing: oc
    .input(z.object({ runs: z.array(referenceSchema).min(1).max(50) }))
    .output(z.object({ jobId: z.string().nullable() })),
  export: oc
    .input(
      z.object({
        runs: z.array(referenceSchema).min(1).max(50),
        baseline: referenceSchema.nullable().default(null),
        format: z.enum(['csv', 'json', 'latex']),
      }),
    )
    .output(z.object({ fileName: z.string(), text: z.string() })),
};
