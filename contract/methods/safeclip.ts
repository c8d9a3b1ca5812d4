import { z } from 'zod';
import { demoLoop, demoSource, loopShape, viewAugmentationShape } from './common-settings.ts';
import { defineMethod } from './method-definition.ts';
import { pairNeeds } from './needs.ts';

const share = z.number().min(0).max(1);

/** SafeCLIP: each modality alone at first; then pictures meet their captions only where a mixture model finds the pair safe. */
export const safeclip = defineMethod({
  label: 'SafeCLIP',
  summary:
    'Training within each modality first; then picture and caption meet only in pairs that the model itself finds safe.',
  source: 'SafeCLIP (ICML 2024); BigML-CS-UCLA/SafeCLIP@91488ce',
  role: 'repair',
  settings: z.strictObject({
    ...loopShape,
    ...viewAugmentationShape,
    warmupEpochs: z.number().int().min(0).meta({
      title: 'Unimodal epochs',
      description: 'Epochs at the start in which pictures and captions never meet.',
    }),
    slowFactor: z.number().gt(0).max(1).meta({
      title: 'Slow factor',
      description: 'Factor of the learning rate in the one epoch in which all pairs meet for the first time.',
      step: 0.01,
    }),
    poolSize: z.number().int().min(2).meta({
      title: 'Pool',
      description: 'Embeddings of each modality among which a nearest neighbour is looked for.',
    }),
    safeProbability: share.meta({
      title: 'Safe probability',
      description: 'A pair is safe at first where the mixture gives it this probability of the similar half.',
      step: 0.05,
    }),
    growth: share.meta({
      title: 'Growth',
      description: 'How much the fraction of safe pairs grows with each epoch.',
      step: 0.01,
    }),
    mostSafe: share.meta({
      title: 'Most safe',
      description: 'The largest fraction of safe pairs.',
      step: 0.05,
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
        warmupEpochs: 3,
        slowFactor: 0.01,
        poolSize: 256,
        safeProbability: 0.9,
        growth: 0.01,
        mostSafe: 0.85,
      },
      fraction: 0.5,
      source: demoSource,
    },
    {
      name: 'Authors',
      start: 'scratch',
      settings: {
        epochs: 32,
        batchSize: 128,
        learningRate: 5e-4,
        warmupSteps: 10_000,
        schedule: 'cosine',
        weightDecay: 0.1,
        viewAugmentation: 'autoaugment',
        warmupEpochs: 5,
        slowFactor: 0.01,
        poolSize: 256,
        safeProbability: 0.9,
        growth: 0.01,
        mostSafe: 0.85,
      },
      fraction: 1,
      source: 'BigML-CS-UCLA/SafeCLIP@91488ce',
    },
  ],
  needs: { ...pairNeeds, views: true },
  cost: { passes: { image: 2, text: 2 }, passesBefore: 0, parameterCopies: 0 },
});
