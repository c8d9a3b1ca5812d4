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

/** Shrink and perturb: weights are made smaller and noisy, then finetuned. */
export const shrinkPerturb = defineMethod({
  label: 'Shrink and perturb',
  summary: 'Weights are shrunk and given noise before contrastive finetuning on clean pairs.',
  source: 'Ash and Adams, NeurIPS 2020 (arXiv 1910.08475); as a repair of CLIP: attack-cleanclip@3d4bd74',
  role: 'repair',
  settings: z.strictObject({
    ...loopShape,
    ...imageAugmentationShape,
    shrink: z.number().min(0).max(1).meta({
      title: 'Shrink',
      description: 'Factor of every weight that weight decay applies to.',
      step: 0.05,
    }),
    noise: z.number().min(0).meta({
      title: 'Noise',
      description: 'Standard deviation of what is added to each of them.',
      step: 0.0001,
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
        shrink: 0.6,
        noise: 0.01,
      },
      fraction: 0.5,
      source: demoSource,
    },
    {
      name: 'Authors',
      start: 'model',
      settings: { ...paperFinetuning, shrink: 0.95, noise: 1e-4 },
      fraction: 1,
      source: 'attack-cleanclip@3d4bd74: 0.95 and 1e-4',
    },
  ],
  needs: { ...pairNeeds, startModel: true },
  cost: { passes: { image: 1, text: 1 }, passesBefore: 0, parameterCopies: 0 },
});
