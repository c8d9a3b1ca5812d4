import type { ModelSpec } from '#contract/clip-config.ts';
import { cleanclip as definition } from '#contract/methods/cleanclip.ts';
import { cleanclipLoss } from '../training/losses.ts';
import { trainByAdamw } from './common-training.ts';
import { implementMethod, type Objective } from './training-method.ts';
import { batchOfTwoViews, encodeTwoViews } from './two-views.ts';

/** CleanCLIP's loss (equation 3) on originals and their views. */
export function createCleanclipObjective({ clip }: ModelSpec, lambda: number): Objective {
  return (given) => {
    const { originals, augmented, logitScale, statistics } = encodeTwoViews(clip, given);
    return { loss: cleanclipLoss(originals, augmented, logitScale, lambda), statistics };
  };
}

export const cleanclip = implementMethod(definition, (settings, context) => ({
  ...trainByAdamw(settings, context),
  phases: {
    pairs: {
      batch: batchOfTwoViews(settings),
      objective: createCleanclipObjective(context.spec, settings.lambda),
    },
  },
}));
