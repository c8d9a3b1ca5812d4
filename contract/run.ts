import { z } from 'zod';
import type { ModelSpec } from './clip-config.ts';
import { backendNames } from './devices/backend.ts';
import { deviceNameSchema } from './devices/index.ts';
import { methodNameSchema, methods } from './methods/method-registry.ts';

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
    title: 'Fraction of the pairs',
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
export type RunConfig = z.infer<typeof runConfigSchema>;

/** train: contrastive (MMCL) from scratch; the others start from a model: MMCL finetuning (the control), CleanCLIP, a supervised head. */
export const runKinds = ['train', 'mmcl', 'cleanclip', 'supervised'] as const;
export const runKindSchema = z.enum(runKinds);
export type RunKind = z.infer<typeof runKindSchema>;

/** All settings of one run; what a run needs to be made again, with its data. */
export const trainingConfigSchema = z.object({
  kind: runKindSchema,
  architecture: z.string(),
  epochs: z.number().int().min(1),
  batchSize: z.number().int().min(2),
  learningRate: z.number().positive(),
  warmupSteps: z.number().int().min(0),
  schedule: z.enum(['cosine', 'constant']),
  weightDecay: z.number().min(0),
  /** Weight of the self-supervised term (CleanCLIP's lambda); 0 where there is none. */
  lambda: z.number().min(0),
  /** How original pictures are changed: not at all, or shifted by up to 3/32 of the side with edge replication. */
  imageAugmentation: z.enum(['none', 'shift']),
  /**
   * How CleanCLIP's augmented views are made: by the demo's small changes, which is also what its absence means, or by
   * AutoAugment's ImageNet policy, as in the paper. Other kinds have no views.
   */
  viewAugmentation: z.enum(['small', 'autoaugment']).optional(),
  /** Part of the training pairs that is used, by smallest sha256('clean:' + key); 1 is all. */
  share: z.number().gt(0).max(1),
  seed: z.number().int().min(0),
});
export type TrainingConfig = z.infer<typeof trainingConfigSchema>;

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
});
export type RunEnvironment = z.infer<typeof runEnvironmentSchema>;

export interface NewRun {
  name: string;
  kind: RunKind;
  config: TrainingConfig;
  datasetId: string;
  variantId: string | null;
  parentModelId: string | null;
  totalSteps: number;
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

/** Metric names: loss, learning_rate, logit_scale per step; epoch_loss, epoch_seconds per epoch; ca, asr per epoch where they were asked for. */
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

export interface Model {
  id: string;
  /** The run's name. */
  name: string;
  runId: string;
  checkpointId: number;
  spec: ModelSpec;
  createdAt: string;
}
