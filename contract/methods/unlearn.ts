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

/** Unlearning of poison that is known: an upper bound of what a detector and a repair can reach together. */
export const unlearn = defineMethod({
  label: 'Unlearning',
  summary:
    'Contrastive training on the clean pairs of a variant while its poisoned pairs, which are known, are unlearned.',
  source: 'nishadsinghi/CleanCLIP@d6e2f1d, --unlearn',
  role: 'repair',
  settings: z.strictObject({
    ...loopShape,
    ...imageAugmentationShape,
    form: z.enum(['apart', 'reference']).meta({
      title: 'Form',
      description:
        "Apart drives the cosine of a poisoned pair to -1. Reference is CleanCLIP's formula with its own default, which drives it to +1.",
    }),
    weight: z.number().min(0).meta({
      title: 'Weight',
      description: 'Weight of the poisoned pairs beside the contrastive loss.',
      step: 0.5,
    }),
  }),
  presets: [
    {
      name: 'Demo',
      start: 'model',
      settings: {
        ...demoLoop,
        epochs: 6,
        warmupSteps: 30,
        imageAugmentation: 'none',
        form: 'apart',
        weight: 1,
      },
      fraction: 1,
      source: demoSource,
    },
    {
      name: 'Authors',
      start: 'model',
      settings: { ...paperFinetuning, form: 'reference', weight: 1 },
      fraction: 1,
      source: 'nishadsinghi/CleanCLIP@d6e2f1d',
    },
  ],
  needs: { ...pairNeeds, startModel: true, knownPoison: true },
  cost: { passes: { image: 1, text: 1 }, passesBefore: 0, parameterCopies: 0 },
});
