import type { ModelSpec } from '#contract/clip-config.ts';
import { cleanclip as definition } from '#contract/methods/cleanclip.ts';
import { cleanclipLoss } from '../training/losses.ts';
import { trainByAdamw } from './building-blocks/common-training.ts';
import { splitOnPairs } from './building-blocks/encode-pairs.ts';
import { mixWithStart } from './building-blocks/mix-with-start.ts';
import { createPairsPhase, inParts } from './building-blocks/pairs-phase.ts';
import { batchOfTwoViews, splitViews } from './building-blocks/two-views.ts';
import { implementMethod, type SplitObjective } from './training-method.ts';

/** CleanCLIP's loss (equation 3) on originals and their views. */
export const createCleanclipObjective = ({ clip }: ModelSpec, lambda: number): SplitObjective =>
  splitOnPairs(clip, (embeddings, logitScale) => {
    const { originals, augmented } = splitViews(embeddings);
    return cleanclipLoss(originals, augmented, logitScale, lambda);
  });

/** With `pairEpochs`, the last ones are MMCL's, at the rates that the run has there. */
export const cleanclip = implementMethod(definition, (settings, context) => {
  const { epochs, pairEpochs, lambda } = settings;
  const { spec, stepsPerEpoch } = context;
  const views = {
    batch: batchOfTwoViews(settings),
    ...inParts(createCleanclipObjective(spec, lambda), settings),
  };
  const method = { ...trainByAdamw(settings, context), ...mixWithStart(settings.mix) };
  if (pairEpochs === 0) return { ...method, phases: { views } };
  return {
    ...method,
    phases: { views, pairs: createPairsPhase(settings, context) },
    async planEpoch(epoch) {
      const phase = epoch < epochs - pairEpochs ? 'views' : 'pairs';
      return { stages: [{ phase, steps: stepsPerEpoch, rows: null }] };
    },
  };
});
