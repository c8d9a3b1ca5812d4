import { z } from 'zod';
import { demoLoop, demoSource, imageAugmentationShape, loopShape } from './common-settings.ts';
import { defineMethod } from './method-definition.ts';
import { pairNeeds } from './needs.ts';

/** Anti-backdoor learning on pairs: isolate what is learned first, go on without it, then unlearn it. */
export const abl = defineMethod({
  label: 'ABL',
  summary:
    'Isolates the pairs that are the most similar after a few epochs, trains on without them, and pushes them apart at the end.',
  source:
    'Anti-Backdoor Learning (NeurIPS 2021) as BackdoorBench@f02e353 has it, on pairs in place of labels',
  role: 'repair',
  settings: z.strictObject({
    ...loopShape,
    ...imageAugmentationShape,
    isolationEpochs: z.number().int().min(1).meta({
      title: 'Isolation epochs',
      description: 'Epochs on all pairs, after which the suspicious ones are isolated.',
    }),
    isolatedFraction: z.number().gt(0).max(0.5).meta({
      title: 'Isolated',
      description: 'Fraction of the pairs that is isolated.',
      step: 0.01,
    }),
    unlearnEpochs: z.number().int().min(0).meta({
      title: 'Unlearning epochs',
      description: 'The last epochs, half of whose steps push the isolated pairs apart.',
    }),
  }),
  presets: [
    {
      name: 'Demo',
      start: 'scratch',
      settings: {
        ...demoLoop,
        epochs: 16,
        warmupSteps: 100,
        imageAugmentation: 'shift',
        isolationEpochs: 5,
        isolatedFraction: 0.05,
        unlearnEpochs: 2,
      },
      fraction: 1,
      source: demoSource,
    },
    {
      name: 'Authors',
      start: 'scratch',
      settings: {
        epochs: 100,
        batchSize: 128,
        learningRate: 5e-4,
        warmupSteps: 0,
        schedule: 'cosine',
        weightDecay: 0.1,
        imageAugmentation: 'none',
        isolationEpochs: 20,
        isolatedFraction: 0.01,
        unlearnEpochs: 20,
      },
      fraction: 1,
      source: "BackdoorBench@f02e353: its epochs and fraction; its rates are a classifier's",
    },
  ],
  needs: pairNeeds,
  cost: { passes: { image: 1, text: 1 }, passesBefore: 1, parameterCopies: 0 },
});
