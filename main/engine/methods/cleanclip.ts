import type { ModelSpec } from '#contract/clip-config.ts';
import { cleanclip as definition } from '#contract/methods/cleanclip.ts';
import { cleanclipLoss } from '../training/losses.ts';
import { trainByAdamw } from './building-blocks/common-training.ts';
import { splitOnPairs } from './building-blocks/encode-pairs.ts';
import { mixWithStart } from './building-blocks/mix-with-start.ts';
import { inParts } from './building-blocks/pairs-phase.ts';
import { batchOfTwoViews, splitViews } from './building-blocks/two-views.ts';
import { implementMethod, type SplitObjective } from './training-method.ts';

/** CleanCLIP's loss (equation 3) on originals and their views. */
export const createCleanclipObjective = ({ clip }: ModelSpec, lambda: number): SplitObjective =>
  splitOnPairs(clip, (embeddings, logitScale) => {
    const { originals, augmented } = splitViews(embeddings);
    return cleanclipLoss(originals, augmented, logitScale, lambda);
  });

export const cleanclip = implementMethod(definition, (settings, context) => ({
  ...trainByAdamw(settings, context),
  ...mixWithStart(settings.mix),
  phases: {
    pairs: {
      batch: batchOfTwoViews(settings),
      ...inParts(createCleanclipObjective(context.spec, settings.lambda), settings),
    },
  },
}));
