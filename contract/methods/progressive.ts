import { z } from 'zod';
import {
  demoLoop,
  demoSource,
  imageAugmentationShape,
  loopShape,
  paperFinetuning,
} from './common-settings.ts';
import { defineMethod } from './method-definition.ts';
import { pairNeeds } from './needs.ts';

/** MMCL that drops the most similar pairs as it goes on: poison is learned first. */
export const progressive = defineMethod({
  label: 'Progressive removal',
  summary:
    'Contrastive training that leaves out the most similar pairs before each epoch: poison is learned first.',
  source: 'nishadsinghi/CleanCLIP@d6e2f1d, --progressive',
  role: 'repair',
  settings: z.strictObject({
    ...loopShape,
    ...imageAugmentationShape,
    removeFraction: z.number().gt(0).max(0.5).meta({
      title: 'Removed',
      description: 'Fraction of the remaining pairs, the most similar ones, that is left out each time.',
      step: 0.01,
    }),
    firstEpoch: z.number().int().min(1).meta({
      title: 'First removal',
      description: 'Epochs on all pairs before the first removal; one follows before each later epoch.',
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
        removeFraction: 0.02,
        firstEpoch: 4,
      },
      fraction: 1,
      source: demoSource,
    },
    {
      name: 'Authors',
      start: 'model',
      settings: { ...paperFinetuning, removeFraction: 0.02, firstEpoch: 1 },
      fraction: 1,
      source: 'nishadsinghi/CleanCLIP@d6e2f1d; which epochs remove is an argument there',
    },
  ],
  needs: pairNeeds,
  cost: { passes: { image: 1, text: 1 }, passesBefore: 1, parameterCopies: 0 },
});
