import { z } from 'zod';
import {
  demoLoop,
  demoSource,
  imageAugmentationShape,
  loopShape,
  momentsShape,
  optionalMixShape,
  paperFinetuning,
  paperSource,
  plainStep,
  referenceFinetuning,
  referenceSource,
  stepShape,
} from './common-settings.ts';
import { defineMethod } from './method-definition.ts';
import { pairNeeds } from './needs.ts';

const fromScratch = {
  name: 'Paper',
  start: 'scratch',
  settings: {
    epochs: 64,
    batchSize: 128,
    learningRate: 5e-4,
    warmupSteps: 10_000,
    schedule: 'cosine',
    weightDecay: 0.1,
    imageAugmentation: 'none',
    ...plainStep,
    moments: 'fresh',
    mix: 1,
  },
  fraction: 1,
  source: paperSource,
} as const;

/** Multimodal contrastive learning: CLIP's own training, and the control of a repair. */
export const mmcl = defineMethod({
  label: 'MMCL',
  summary:
    "CLIP's contrastive training on pairs; on clean pairs from a model it is the control of CleanCLIP.",
  source: 'CleanCLIP (arXiv 2303.03323), equation 1 and section 4.2',
  role: 'training',
  settings: z.strictObject({
    ...loopShape,
    ...imageAugmentationShape,
    ...momentsShape,
    ...optionalMixShape,
    ...stepShape,
  }),
  presets: [
    {
      name: 'Demo',
      start: 'scratch',
      settings: {
        ...demoLoop,
        ...plainStep,
        epochs: 16,
        warmupSteps: 100,
        imageAugmentation: 'shift',
        moments: 'fresh',
        mix: 1,
      },
      fraction: 1,
      source: demoSource,
    },
    {
      name: 'Demo',
      start: 'model',
      settings: {
        ...demoLoop,
        ...plainStep,
        epochs: 12,
        warmupSteps: 30,
        imageAugmentation: 'none',
        moments: 'fresh',
        mix: 1,
      },
      fraction: 0.5,
      source: demoSource,
    },
    fromScratch,
    {
      name: 'Paper',
      start: 'model',
      settings: { ...paperFinetuning, ...plainStep, moments: 'fresh', mix: 1 },
      fraction: 1,
      source: paperSource,
    },
    {
      name: 'Reference code',
      start: 'model',
      settings: { ...referenceFinetuning, ...plainStep, mix: 1 },
      fraction: 1,
      source: referenceSource,
    },
  ],
  needs: pairNeeds,
  cost: { passes: { image: 1, text: 1 }, passesBefore: 0, parameterCopies: 0 },
});
