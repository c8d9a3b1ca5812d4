import type { RunKind, TrainingConfig } from './run.ts';

/** The settings of a kind of run that do not depend on its model; for small models, from the demo's recipe. */
export type RunPreset = Omit<TrainingConfig, 'architecture' | 'seed'>;

const contrastive = {
  batchSize: 128,
  learningRate: 1e-3,
  schedule: 'cosine',
  weightDecay: 0.1,
} as const;

/**
 * What each kind of run does unless an option says otherwise: shared/demo/recipe.json's train, clean, control and
 * supervised, with epochs, lambda and the supervised schedule chosen on validation pictures (docs/demo.md).
 */
export const runPresets = {
  train: {
    ...contrastive,
    kind: 'train',
    epochs: 16,
    warmupSteps: 100,
    lambda: 0,
    imageAugmentation: 'shift',
    share: 1,
  },
  mmcl: {
    ...contrastive,
    kind: 'mmcl',
    epochs: 12,
    warmupSteps: 30,
    lambda: 0,
    imageAugmentation: 'none',
    share: 0.5,
  },
  cleanclip: {
    ...contrastive,
    kind: 'cleanclip',
    epochs: 12,
    warmupSteps: 30,
    lambda: 4,
    imageAugmentation: 'none',
    viewAugmentation: 'small',
    share: 0.5,
  },
  supervised: {
    ...contrastive,
    kind: 'supervised',
    epochs: 6,
    batchSize: 64,
    warmupSteps: 0,
    lambda: 0,
    imageAugmentation: 'shift',
    share: 1,
  },
} as const satisfies { [K in RunKind]: RunPreset & { kind: K } };

/** As the paper has them (CleanCLIP, section 4.1), for models of CLIP's size; shares stand for all of the data given. */
export const paperPresets = {
  train: {
    kind: 'train',
    epochs: 64,
    batchSize: 128,
    learningRate: 5e-4,
    warmupSteps: 10_000,
    schedule: 'cosine',
    weightDecay: 0.1,
    lambda: 0,
    imageAugmentation: 'none',
    share: 1,
  },
  mmcl: {
    kind: 'mmcl',
    epochs: 10,
    batchSize: 64,
    learningRate: 1e-5,
    warmupSteps: 50,
    schedule: 'cosine',
    weightDecay: 0.1,
    lambda: 0,
    imageAugmentation: 'none',
    share: 1,
  },
  cleanclip: {
    kind: 'cleanclip',
    epochs: 10,
    batchSize: 64,
    learningRate: 1e-5,
    warmupSteps: 50,
    schedule: 'cosine',
    weightDecay: 0.1,
    lambda: 1,
    imageAugmentation: 'none',
    viewAugmentation: 'autoaugment',
    share: 1,
  },
  supervised: {
    kind: 'supervised',
    epochs: 10,
    batchSize: 64,
    learningRate: 1e-4,
    warmupSteps: 500,
    schedule: 'cosine',
    weightDecay: 0.1,
    lambda: 0,
    imageAugmentation: 'none',
    share: 1,
  },
} as const satisfies { [K in RunKind]: RunPreset & { kind: K } };
