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

/** Fine-pruning: units that clean pictures leave cold are cut out of the image tower's last layers; then finetuning. */
export const finePruning = defineMethod({
  label: 'Fine-pruning',
  summary:
    'Removes the units of the last layers that clean pictures activate least of the image tower, then finetunes on clean pairs.',
  source:
    'Liu, Dolan-Gavitt and Garg, RAID 2018 (arXiv 1805.12185), section 4; as BackdoorBench@f02e353 has it',
  role: 'repair',
  settings: z.strictObject({
    ...loopShape,
    ...imageAugmentationShape,
    layers: z.number().int().min(1).meta({
      title: 'Layers',
      description: 'How many of the last bottlenecks or blocks are pruned.',
    }),
    prunedFraction: z.number().gt(0).lt(1).meta({
      title: 'Pruned',
      description: 'Fraction of the units of each of them that is cut out.',
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
        imageAugmentation: 'none',
        layers: 1,
        prunedFraction: 0.5,
      },
      fraction: 0.5,
      source: demoSource,
    },
    {
      name: "CleanCLIP's finetuning",
      start: 'model',
      settings: { ...paperFinetuning, layers: 1, prunedFraction: 0.2 },
      fraction: 1,
      source:
        "Ours for the pruning, which its authors go on with until accuracy falls; CleanCLIP's finetuning",
    },
  ],
  needs: { ...pairNeeds, startModel: true },
  cost: { passes: { image: 1, text: 1 }, passesBefore: 1, parameterCopies: 0 },
});
