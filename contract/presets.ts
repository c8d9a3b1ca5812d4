import type { RunKind, TrainingConfig } from './run.ts';

/** The settings of a kind of run that do not depend on its model; for small models, from the demo's recipe. */
export type RunPreset = Omit<TrainingConfig, 'architecture' | 'seed'>;

const contrastive = {
  epochs: 12,
  batchSize: 128,
  learningRate: 1e-3,
  schedule: 'cosine',
  weightDecay: 0.1,
} as const;

/** What each kind of run does unless an option says otherwise (shared/demo/recipe.json: train, clean, control, supervised). */
export const runPresets = {
  train: { ...contrastive, kind: 'train', warmupSteps: 100, lambda: 0, imageAugmentation: 'shift', share: 1 },
  mmcl: { ...contrastive, kind: 'mmcl', warmupSteps: 30, lambda: 0, imageAugmentation: 'none', share: 0.5 },
  cleanclip: {
    ...contrastive,
    kind: 'cleanclip',
    warmupSteps: 30,
    lambda: 4,
    imageAugmentation: 'none',
    share: 0.5,
  },
  supervised: {
    ...contrastive,
    kind: 'supervised',
    epochs: 6,
    batchSize: 64,
    warmupSteps: 0,
    schedule: 'constant',
    lambda: 0,
    imageAugmentation: 'shift',
    share: 1,
  },
} as const satisfies { [K in RunKind]: RunPreset & { kind: K } };
