import type { ModelSpec } from '#contract/clip-config.ts';
import { mmclLoss } from '../training/losses.ts';
import { encodePairs } from './encode-pairs.ts';
import type { MethodContext, Objective, Phase } from './training-method.ts';

/** MMCL on pairs (CleanCLIP, equation 1): `pixels` [n, side, side, 3] and `tokens` [n, length]. */
export function createMmclObjective({ clip }: ModelSpec): Objective {
  return (given) => {
    const { pairs, logitScale, statistics } = encodePairs(clip, given);
    return { loss: mmclLoss(pairs, logitScale), statistics };
  };
}

/** Plain contrastive steps on pairs, as they are or shifted. */
export function createPairsPhase(
  { imageAugmentation }: { imageAugmentation: 'none' | 'shift' },
  { spec }: MethodContext,
): Phase {
  return {
    batch: {
      pictures: [{ of: 'record', change: imageAugmentation }],
      texts: ['none'],
      labels: false,
      rows: false,
    },
    objective: createMmclObjective(spec),
  };
}
