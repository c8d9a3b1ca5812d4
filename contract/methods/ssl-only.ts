import { z } from 'zod';
import {
  demoLoop,
  demoSource,
  imageAugmentationShape,
  loopShape,
  momentsShape,
  pairViewShape,
  paperFinetuning,
  paperSource,
  referenceFinetuning,
  referenceSource,
} from './common-settings.ts';
import { defineMethod } from './method-definition.ts';
import { pairNeeds } from './needs.ts';

/** CleanCLIP's self-supervised term without the contrastive one. */
export const sslOnly = defineMethod({
  label: 'Self-supervision only',
  summary: "CleanCLIP's self-supervised term alone, as its second control: pictures and captions never meet.",
  source: 'CleanCLIP (arXiv 2303.03323), section 4.2',
  role: 'control',
  settings: z.strictObject({ ...loopShape, ...imageAugmentationShape, ...pairViewShape, ...momentsShape }),
  presets: [
    {
      name: 'Demo',
      start: 'model',
      settings: {
        ...demoLoop,
        epochs: 12,
        warmupSteps: 30,
        imageAugmentation: 'none',
        viewAugmentation: 'small',
        textAugmentation: 'reword',
        moments: 'fresh',
      },
      fraction: 0.5,
      source: demoSource,
    },
    {
      name: 'Paper',
      start: 'model',
      settings: {
        ...paperFinetuning,
        viewAugmentation: 'autoaugment-full',
        textAugmentation: 'eda',
        moments: 'fresh',
      },
      fraction: 1,
      source: paperSource,
    },
    {
      name: 'Reference code',
      start: 'model',
      settings: { ...referenceFinetuning, viewAugmentation: 'autoaugment-full', textAugmentation: 'eda' },
      fraction: 1,
      source: referenceSource,
    },
  ],
  needs: { ...pairNeeds, views: true },
  cost: { passes: { image: 2, text: 2 }, passesBefore: 0, parameterCopies: 0 },
});
