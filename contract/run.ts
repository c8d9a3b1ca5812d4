import { z } from 'zod';
import type { ModelSpec } from './clip-config.ts';
import { backendNames } from './devices/backend.ts';
import { deviceNameSchema } from './devices/index.ts';
import { type MethodName, methodNameSchema, methods } from './methods/method-registry.ts';

/** interrupted: stopped before its end, by a person or a crash; it can be resumed. */
export const runStates = ['queued', 'running', 'interrupted', 'failed', 'done'] as const;
export type RunState = (typeof runStates)[number];

/** Where a run's weights come from. */
export const runStartSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('scratch'), architecture: z.string() }),
  /** The id of a model. */
  z.object({ kind: z.literal('model'), model: z.string() }),
]);
export type RunStart = z.infer<typeof runStartSchema>;

/** Which of the training pairs a run is given. */
export const pairSelectionSchema = z.object({
  /** Fraction of the pairs, by smallest sha256('clean:' + key); 1 is all. */
  fraction: z.number().gt(0).max(1).meta({
    title: 'Fraction of training data',
    description: 'How much of the training pairs is used, above 0 and up to 1.',
    step: 0.05,
  }),
  /** Leaves out the records that the start model, or a model before it, was poisoned with. */
  withoutPoisoned: z.boolean().meta({
    title: 'Leave out poisoned records',
    description: "Leaves out the clean originals of the records that the model's training data had poisoned.",
  }),
});
export type PairSelection = z.infer<typeof pairSelectionSchema>;

/** The pairs of a dataset as it is, or as a variant changes it. */
export const runDataSchema = z.object({
  kind: z.enum(['dataset', 'variant']),
  id: z.string(),
  selection: pairSelectionSchema,
  /** What becomes of a picture whose pixels are not those of the import. Left out: the run stops. */
  changedPictures: z.enum(['stop', 'list']).optional(),
});
export type RunData = z.infer<typeof runDataSchema>;

export const seedSchema = z.number().int().min(0).meta({
  title: 'Seed',
  description: 'All randomness follows from it: the same seed gives the same run.',
});

/** Everything that was chosen for a run: start x data x method + seed. With its data it gives the same run again. */
export const runConfigSchema = z
  .object({
    start: runStartSchema,
    data: runDataSchema,
    method: methodNameSchema,
    settings: z.record(z.string(), z.unknown()),
    seed: seedSchema,
  })
  .transform((config, context) => {
    const { data, error } = methods[config.method].settings.safeParse(config.settings);
    if (data !== undefined) return { ...config, settings: data };
    for (const issue of error.issues) {
      context.addIssue({ code: 'custom', message: issue.message, path: ['settings', ...issue.path] });
    }
    return z.NEVER;
  });
export type RunConfig = z.output<typeof runConfigSchema>;

/** What of a configuration says what a run is. */
export interface RunShape {
  start: Pick<RunStart, 'kind'>;
  data: Pick<RunData, 'kind'>;
  method: MethodName;
}

/** What made a run's numbers: kept with the run. */
export const runEnvironmentSchema = z.object({
  program: z.string(),
  node: z.string(),
  platform: z.string(),
  /** Left out by programs before devices had names: then it is the backend's own. */
  deviceName: deviceNameSchema.optional(),
  backend: z.enum(backendNames),
  backendVersion: z.string(),
  device: z.string(),
  /** Whether TensorFlow used its oneDNN kernels, which round otherwise than its own; left out by other backends. */
  oneDnn: z.boolean().optional(),
  /** True where a GPU was told to give the same bits each time; left out elsewhere. */
  sameBits: z.literal(true).optional(),
});
export type RunEnvironment = z.infer<typeof runEnvironmentSchema>;

/** What is stored of a run at first. The ids stand in its configuration too. */
export interface NewRun {
  name: string;
  config: RunConfig;
  /** Of what it trains: its start's. */
  architecture: string;
  /** The dataset itself, or the one that its variant changes. */
  datasetId: string;
  variantId: string | null;
  /** The model that it starts from; null from scratch. */
  parentModelId: string | null;
  totalSteps: number;
  /** How many records its selection leaves out because its start model was poisoned with them. */
  leftOut: number;
}

export interface Run extends NewRun {
  id: string;
  state: RunState;
  step: number;
  environment: RunEnvironment | null;
  /** Why it failed or was interrupted. */
  message: string | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  /** Seconds of training, summed over resumes. */
  seconds: number;
  modelId: string | null;
}

/** Metric names: loss, learning_rate, logit_scale per step; epoch_loss, epoch_seconds and data_wait_share (the part of the time in which steps waited for their batches) per epoch; ca, asr per epoch where they were asked for. */
export interface MetricPoint {
  step: number;
  name: string;
  value: number;
}

export interface NewCheckpoint {
  step: number;
  epoch: number;
  /** Folder, relative to the workspace, with weights.safetensors and model.json (and optimiser.safetensors while it is the latest). */
  path: string;
  /** SHA-256 (hex) of weights.safetensors. */
  weightsSha256: string;
}

export interface Checkpoint extends NewCheckpoint {
  id: number;
  runId: string;
  createdAt: string;
}

/** Where a model came from. */
export const modelOriginSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), runId: z.string(), checkpointId: z.number().int() }),
  /** Brought from a file: its path, and its SHA-256 (hex) as it was then. */
  z.object({ kind: z.literal('file'), path: z.string(), sha256: z.string().length(64) }),
]);
export type ModelOrigin = z.infer<typeof modelOriginSchema>;

export interface Model {
  id: string;
  /** Its own, or its run's. */
  name: string;
  origin: ModelOrigin;
  /** With weights.safetensors and model.json, relative to the workspace. */
  folder: string;
  /** SHA-256 (hex) of weights.safetensors. */
  weightsSha256: string;
  spec: ModelSpec;
  createdAt: string;
}
