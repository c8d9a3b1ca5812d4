import { z } from 'zod';
import {
  demoLoop,
  demoSource,
  imageAugmentationShape,
  loopShape,
  mixShape,
  paperFinetuning,
} from './common-settings.ts';
import { defineMethod } from './method-definition.ts';
import { pairNeeds } from './needs.ts';

/** WiSE-FT: MMCL finetuning whose weights are mixed with those it started from. */
export const wiseFt = defineMethod({
  label: 'WiSE-FT',
  summary:
    'Contrastive finetuning whose weights are mixed with the ones it started from: from a clean model on suspicious pairs, the mix leans on what was clean.',
  source: 'Robust fine-tuning of zero-shot models (CVPR 2022, arXiv 2109.01903), equation 1',
  role: 'repair',
  settings: z.strictObject({
    ...loopShape,
    ...imageAugmentationShape,
    ...mixShape,
  }),
  presets: [
    {
      name: 'Demo',
      start: 'model',
      settings: { ...demoLoop, epochs: 12, warmupSteps: 30, imageAugmentation: 'none', mix: 0.5 },
      fraction: 0.5,
      source: demoSource,
    },
    {
      name: 'Authors',
      start: 'model',
      settings: { ...paperFinetuning, mix: 0.5 },
      fraction: 1,
      source: "arXiv 2109.01903 for the mix; CleanCLIP's settings for the finetuning",
    },
  ],
  needs: { ...pairNeeds, startModel: true },
  cost: { passes: { image: 1, text: 1 }, passesBefore: 0, parameterCopies: 1 },
});
