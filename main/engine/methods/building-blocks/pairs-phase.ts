import type { ModelSpec } from '#contract/clip-config.ts';
import { partsOf } from '#contract/methods/common-settings.ts';
import { mmclLoss } from '../../training/losses.ts';
import { joinObjective, type MethodContext, type Phase, type SplitObjective } from '../training-method.ts';
import { splitOnPairs } from './encode-pairs.ts';

/** MMCL on pairs (CleanCLIP, equation 1): `pixels` [n, side, side, 3] and `tokens` [n, length]. */
export const createMmclObjective = ({ clip }: ModelSpec): SplitObjective => splitOnPairs(clip, mmclLoss);

/** Plain contrastive steps on pairs, as they are or shifted; in parts where the settings say so. */
export function createPairsPhase(
  settings: { imageAugmentation: 'none' | 'shift'; batchSize: number; partSize?: number },
  { spec }: MethodContext,
): Phase {
  const batch = {
    pictures: [{ of: 'record', change: settings.imageAugmentation }],
    texts: ['none'],
    labels: false,
    rows: false,
  } as const;
  return { batch, ...inParts(createMmclObjective(spec), settings) };
}

/** An objective as a phase has it, in parts where they are smaller than the batch. */
export function inParts(
  objective: SplitObjective,
  settings: { batchSize: number; partSize?: number },
): Pick<Phase, 'objective' | 'parts'> {
  const whole = joinObjective(objective);
  const parts = partsOf(settings);
  if (parts === null) return { objective: whole };
  return { objective: whole, parts: { count: parts.batchSize / parts.partSize, objective } };
}
