import { z } from 'zod';
import { partRequestSchema } from './api/variants.ts';
import { type MethodName, methodNameSchema } from './methods/method-registry.ts';
import { pairSelectionSchema, runDataSchema, seedSchema } from './run.ts';

/** A trigger in full, or by the name of a kind (its first preset) or of one that the workspace keeps. */
const attackPartSchema = partRequestSchema.extend({
  trigger: z.union([z.string().min(1), partRequestSchema.shape.trigger]),
});

/** How training data is poisoned: a variant of the dataset, made where the workspace has none like it. */
export const attackFileSchema = z.strictObject({
  /** Of the variant, where one is made. */
  name: z.string().min(1).max(200).optional(),
  /** A picture is brought to this many pixels a side before the trigger is applied. */
  resolution: z.number().int().min(1).max(4096),
  seed: seedSchema.default(0),
  parts: z.array(attackPartSchema).min(1).max(16),
  /** Of what it must give; otherwise the dataset is another one. */
  manifestSha256: z.string().length(64).optional(),
});
export type AttackFile = z.infer<typeof attackFileSchema>;

const dataFileSchema = z
  .strictObject({
    dataset: z.string().min(1).optional(),
    variant: z.string().min(1).optional(),
    selection: pairSelectionSchema.partial().strict().optional(),
    changedPictures: runDataSchema.shape.changedPictures,
  })
  .refine(
    ({ dataset, variant }) => (dataset === undefined) !== (variant === undefined),
    'name a dataset (which `attack` may poison), or a variant that there is',
  );

/** What made the run that a file was exported from: told, and compared where it can be. */
const madeSchema = z.strictObject({
  run: z.string().optional(),
  program: z.string().nullable().optional(),
  backend: z.string().nullable().optional(),
  device: z.string().nullable().optional(),
  weightsSha256: z.string().length(64).nullable().optional(),
});

/** One run with everything that it takes to make it, from its data to the runs before it. */
export interface RunFile {
  name?: string | undefined;
  data: z.infer<typeof dataFileSchema>;
  /** Left out or null: the dataset as it is. */
  attack?: AttackFile | null | undefined;
  /** Left out: new weights of the architecture `demo`. */
  start?: StartFile | undefined;
  method: MethodName;
  /** Those left out are the method's preset's. */
  settings?: Record<string, unknown> | undefined;
  seed?: number | undefined;
  /** In place of `seed`: one run for each. */
  seeds?: number[] | undefined;
  /** Left out: it is measured when it is done. */
  measure?: boolean | undefined;
  /** CA and ASR after each epoch too; left out: not. */
  measureEachEpoch?: boolean | undefined;
  made?: z.infer<typeof madeSchema> | undefined;
}

/** New weights, a model that there is, or the model of a run, which is made first where there is none like it. */
export interface StartFile {
  architecture?: string | undefined;
  model?: string | undefined;
  /** Of the model named. */
  weightsSha256?: string | undefined;
  run?: RunFile | undefined;
}

const startFileSchema: z.ZodType<StartFile> = z
  .strictObject({
    architecture: z.string().min(1).optional(),
    model: z.string().min(1).optional(),
    weightsSha256: z.string().length(64).optional(),
    run: z.lazy(() => runFileSchema).optional(),
  })
  .refine(
    ({ architecture, model, run }) =>
      [architecture, model, run].filter((one) => one !== undefined).length === 1,
    'give one of architecture, model and run',
  );

export const runFileSchema: z.ZodType<RunFile> = z
  .strictObject({
    name: z.string().min(1).max(180).optional(),
    data: dataFileSchema,
    attack: attackFileSchema.nullable().optional(),
    start: startFileSchema.optional(),
    method: methodNameSchema,
    settings: z.record(z.string(), z.unknown()).optional(),
    seed: seedSchema.optional(),
    seeds: z.array(seedSchema).min(1).max(1000).optional(),
    measure: z.boolean().optional(),
    measureEachEpoch: z.boolean().optional(),
    made: madeSchema.optional(),
  })
  .refine(({ seed, seeds }) => seed === undefined || seeds === undefined, 'give seed or seeds, not both')
  .refine(
    ({ data, attack }) => !attack || data.dataset !== undefined,
    'an attack poisons a dataset: name it, not a variant',
  );
