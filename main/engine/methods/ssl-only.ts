import { sslOnly as definition } from '#contract/methods/ssl-only.ts';
import { selfSupervisedLoss } from '../training/losses.ts';
import { trainByAdamw } from './building-blocks/common-training.ts';
import { batchOfTwoViews, encodeTwoViews } from './building-blocks/two-views.ts';
import { implementMethod } from './training-method.ts';

export const sslOnly = implementMethod(definition, (settings, context) => ({
  ...trainByAdamw(settings, context),
  phases: {
    pairs: {
      batch: batchOfTwoViews(settings),
      objective(given) {
        const { originals, augmented, logitScale, statistics } = encodeTwoViews(context.spec.clip, given);
        return { loss: selfSupervisedLoss(originals, augmented, logitScale), statistics };
      },
    },
  },
}));
