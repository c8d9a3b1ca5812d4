import { z } from 'zod';
import {
  demoLoop,
  demoSource,
  imageAugmentationShape,
  loopShape,
  momentsShape,
  optionalMixShape,
  pairViewShape,
  paperFinetuning,
  paperSource,
  plainStep,
  referenceFinetuning,
  referenceSource,
  stepShape,
} from './common-settings.ts';
import { defineMethod } from './method-definition.ts';
import { pairNeeds } from './needs.ts';

const pairEpochsShape = {
  pairEpochs: z.number().int().min(0).default(0).meta({
    title: 'Last epochs on pairs',
    description:
      'Number of last epochs without augmented views and self-supervised term, as MMCL trains. 0, as published: none.',
  }),
};

/** How many last epochs a run has on pairs alone; 0 for other methods. */
export function pairEpochsOf(settings: unknown): number {
  return z.object(pairEpochsShape).parse(settings).pairEpochs;
}

/** CleanCLIP: the contrastive loss and a self-supervised one within each modality. */
export const cleanclip = defineMethod({
  label: 'CleanCLIP',
  summary:
    'Contrastive training with a self-supervised term in each modality; as finetuning on clean pairs it removes a backdoor.',
  source: 'CleanCLIP (arXiv 2303.03323), section 3.2, equation 3',
  role: 'repair',
  settings: z.strictObject({
    ...loopShape,
    lambda: z.number().positive().meta({
      title: 'Lambda',
      description: 'Weight of the self-supervised term beside the contrastive one.',
      step: 0.5,
    }),
    ...pairEpochsShape,
    ...imageAugmentationShape,
    ...pairViewShape,
    ...momentsShape,
    ...optionalMixShape,
    ...stepShape,
  }),
  presets: [
    {
      name: 'Demo',
      start: 'model',
      settings: {
        ...demoLoop,
        ...plainStep,
        epochs: 12,
        warmupSteps: 30,
        lambda: 4,
        pairEpochs: 0,
        imageAugmentation: 'none',
        viewAugmentation: 'small',
        textAugmentation: 'reword',
        moments: 'fresh',
        mix: 1,
      },
      fraction: 0.5,
      source: demoSource,
    },
    {
      name: 'Paper',
      start: 'model',
      settings: {
        ...paperFinetuning,
        ...plainStep,
        lambda: 1,
        pairEpochs: 0,
        viewAugmentation: 'autoaugment-full',
        textAugmentation: 'eda',
        moments: 'fresh',
        mix: 1,
      },
      fraction: 1,
      source: paperSource,
    },
    {
      name: 'Reference code',
      start: 'model',
      settings: {
        ...referenceFinetuning,
        ...plainStep,
        lambda: 1,
        pairEpochs: 0,
        viewAugmentation: 'autoaugment-full',
        textAugmentation: 'eda',
        mix: 1,
      },
      fraction: 1,
      source: referenceSource,
    },
  ],
  needs: { ...pairNeeds, views: true },
  cost: { passes: { image: 2, text: 2 }, passesBefore: 0, parameterCopies: 0 },
});
