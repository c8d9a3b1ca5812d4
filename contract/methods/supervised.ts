import { z } from 'zod';
import {
  demoLoop,
  demoSource,
  imageAugmentationShape,
  loopShape,
  paperFinetuning,
  paperSource,
} from './common-settings.ts';
import { defineMethod } from './method-definition.ts';
import { pairNeeds } from './needs.ts';

/** Supervised finetuning of the image tower with a linear head. */
export const supervised = defineMethod({
  label: 'Supervised finetuning',
  summary: 'The image tower and a linear head on labelled pictures; the text tower stays as it is.',
  source: 'CleanCLIP (arXiv 2303.03323), section 3.3',
  role: 'head',
  settings: z.strictObject({ ...loopShape, ...imageAugmentationShape }),
  presets: [
    {
      name: 'Demo',
      start: 'model',
      settings: { ...demoLoop, epochs: 6, batchSize: 64, warmupSteps: 0, imageAugmentation: 'shift' },
      fraction: 1,
      source: demoSource,
    },
    {
      name: 'Paper',
      start: 'model',
      settings: { ...paperFinetuning, learningRate: 1e-4, warmupSteps: 500 },
      fraction: 1,
      source: paperSource,
    },
  ],
  needs: { ...pairNeeds, labels: true, pairs: false, head: true },
  cost: { passes: { image: 1, text: 0 }, passesBefore: 0, parameterCopies: 0 },
});
