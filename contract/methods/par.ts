import { z } from 'zod';
import { demoLoop, demoSource, loopShape } from './common-settings.ts';
import { defineMethod } from './method-definition.ts';
import { pairNeeds } from './needs.ts';

const { epochs, batchSize, learningRate, weightDecay } = loopShape;

/** Perturb and Recover: away from the poisoned model's embeddings, up to a distance, while MMCL holds the pairs together. */
export const par = defineMethod({
  label: 'PAR',
  summary:
    "Finetuning on clean pairs that pushes embeddings away from the poisoned model's until they are far enough.",
  source: 'Perturb and Recover (arXiv 2412.00727); nmndeep/PerturbAndRecover@a720440',
  role: 'repair',
  settings: z.strictObject({
    epochs,
    batchSize,
    learningRate: learningRate.meta({
      title: 'Learning rate',
      description: 'The first rate: it falls to a tenth over the first half, then along a cosine to 1e-9.',
      step: 1e-5,
    }),
    weightDecay,
    threshold: z.number().min(0).max(4).meta({
      title: 'Threshold',
      description: 'Mean squared distance to the poisoned model, of 4 at most, above which the push stops.',
      step: 0.05,
    }),
  }),
  presets: [
    {
      name: 'Demo',
      start: 'model',
      settings: {
        epochs: 12,
        batchSize: demoLoop.batchSize,
        learningRate: 1e-3,
        weightDecay: 1e-4,
        threshold: 2.15,
      },
      fraction: 0.5,
      source: demoSource,
    },
    {
      name: 'Authors',
      start: 'model',
      settings: { epochs: 10, batchSize: 256, learningRate: 3e-5, weightDecay: 1e-4, threshold: 2.15 },
      fraction: 1,
      source: 'nmndeep/PerturbAndRecover@a720440; its script takes 2 epochs of 512 x 4',
    },
  ],
  needs: { ...pairNeeds, views: true, startModel: true },
  cost: { passes: { image: 1, text: 1 }, passesBefore: 0, parameterCopies: 1 },
});
