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

/** MMCL finetuning with a weight decay that makes the model forget. */
export const heavyDecay = defineMethod({
  label: 'Heavy weight decay',
  summary: 'Contrastive finetuning on clean pairs with a weight decay that is far larger than usual.',
  source: 'attack-cleanclip@3d4bd74, as a baseline of repairs',
  role: 'repair',
  settings: z.strictObject({ ...loopShape, ...imageAugmentationShape }),
  presets: [
    {
      name: 'Demo',
      start: 'model',
      settings: { ...demoLoop, epochs: 12, warmupSteps: 30, imageAugmentation: 'none', weightDecay: 10 },
      fraction: 0.5,
      source: demoSource,
    },
    {
      name: 'Authors',
      start: 'model',
      settings: { ...paperFinetuning, weightDecay: 100 },
      fraction: 1,
      source: "CleanCLIP's finetuning; the decay is ours, since theirs could not be read",
    },
  ],
  needs: { ...pairNeeds, startModel: true },
  cost: { passes: { image: 1, text: 1 }, passesBefore: 0, parameterCopies: 0 },
});
