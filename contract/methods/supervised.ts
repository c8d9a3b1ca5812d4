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
  settings: z.strictObject({
    ...loopShape,
    ...imageAugmentationShape,
    decayed: z.enum(['weights', 'all-but-biases']).default('weights').meta({
      title: 'Decayed parameters',
      description:
        "Which parameters weight decay applies to: all but biases, norms and the logit scale, or all but biases, as in the reference's supervised finetuning.",
    }),
  }),
  presets: [
    {
      name: 'Demo',
      start: 'model',
      settings: {
        ...demoLoop,
        epochs: 6,
        batchSize: 64,
        warmupSteps: 0,
        imageAugmentation: 'shift',
        decayed: 'weights',
      },
      fraction: 1,
      source: demoSource,
    },
    {
      name: 'Paper',
      start: 'model',
      settings: {
        ...paperFinetuning,
        batchSize: 80,
        learningRate: 1e-4,
        warmupSteps: 500,
        weightDecay: 0.01,
        decayed: 'all-but-biases',
      },
      fraction: 1,
      source: `${paperSource}; batch and weight decay: src/evaluate.py and src/parser.py of nishadsinghi/CleanCLIP@d6e2f1d`,
    },
  ],
  needs: { ...pairNeeds, labels: true, pairs: false, head: true },
  cost: { passes: { image: 1, text: 0 }, passesBefore: 0, parameterCopies: 0 },
});
