import { z } from 'zod';
import type { ModelSpec } from './clip-config.ts';

export const backendNames = ['tensorflow', 'wasm', 'cpu'] as const;
export type BackendName = (typeof backendNames)[number];

/** train: contrastive (MMCL) from scratch; the others start from a model: MMCL finetuning (the control), CleanCLIP, a supervised head. */
export const runKinds = ['train', 'mmcl', 'cleanclip', 'supervised'] as const;
export const runKindSchema = z.enum(runKinds);
export type RunKind = z.infer<typeof runKindSchema>;

/** interrupted: stopped before its end, by a person or a crash; it can be resumed. */
export const runStates = ['queued', 'running', 'interrupted', 'failed', 'done'] as const;
export type RunState = (typeof runStates)[number];

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
  backend: z.enum(backendNames),
  backendVersion: z.string(),
  device: z.string(),
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
