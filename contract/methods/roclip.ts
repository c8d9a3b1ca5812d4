import { z } from 'zod';
import { demoLoop, demoSource, loopShape, viewAugmentationShape } from './common-settings.ts';
import { defineMethod } from './method-definition.ts';
import { pairNeeds } from './needs.ts';

/** RoCLIP: in some epochs each picture is matched with the nearest caption of a pool in place of its own. */
export const roclip = defineMethod({
  label: 'RoCLIP',
  summary:
    'Training that breaks poisoned pairs apart: every few epochs a picture learns from the nearest caption of a pool, not from its own.',
  source: 'RoCLIP (NeurIPS 2023); BigML-CS-UCLA/RoCLIP@f34a929',
  role: 'repair',
  settings: z.strictObject({
    ...loopShape,
    ...viewAugmentationShape,
    poolSize: z.number().int().min(2).meta({
      title: 'Pool',
      description: "Captions of the latest batches that a picture's match is looked for in.",
    }),
    every: z.number().int().min(1).meta({
      title: 'Matching every',
      description: 'Epochs from one with matching to the next; the first is one.',
    }),
  }),
  presets: [
    {
      name: 'Demo',
      start: 'model',
      settings: {
        ...demoLoop,
        epochs: 12,
        warmupSteps: 30,
        viewAugmentation: 'small',
        poolSize: 256,
        every: 2,
      },
      fraction: 0.5,
      source: demoSource,
    },
    {
      name: 'Authors',
      start: 'scratch',
      settings: {
        epochs: 24,
        batchSize: 512,
        learningRate: 5e-5,
        warmupSteps: 10_000,
        schedule: 'cosine',
        weightDecay: 0.1,
        viewAugmentation: 'autoaugment',
        poolSize: 21_845,
        every: 2,
      },
      fraction: 1,
      source:
        'BigML-CS-UCLA/RoCLIP@f34a929; its --cross_aug also crops, jitters and blurs, which AutoAugment stands for',
    },
  ],
  needs: { ...pairNeeds, views: true },
  cost: { passes: { image: 1, text: 1 }, passesBefore: 0, parameterCopies: 0 },
});
