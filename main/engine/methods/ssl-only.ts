import { sslOnly as definition } from '#contract/methods/ssl-only.ts';
import { selfSupervisedLoss } from '../training/losses.ts';
import { trainByAdamw } from './common-training.ts';
import { implementMethod } from './training-method.ts';
import { batchOfTwoViews, encodeTwoViews } from './two-views.ts';

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
