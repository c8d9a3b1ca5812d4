import { z } from 'zod';
import type { MethodName } from './methods/method-registry.ts';
import type { TrainedMetricName } from './metrics.ts';

/** A short training whose model is measured under the same attack. */
export interface FurtherTraining {
  method: MethodName;
  /** What differs from the method's preset. */
  settings: Record<string, number | string>;
  metrics: { ca: TrainedMetricName; asr: TrainedMetricName };
}

interface FurtherMeasureDescription {
  label: string;
  /** What it does, in a sentence. */
  description: string;
  /** It says something of an attack only. */
  needsAttack: boolean;
  /** The method or the search works on image and text tower. */
  needsTextTower: boolean;
  /** null: nothing is trained. */
  training: FurtherTraining | null;
}

/** What a person can have measured besides; each adds its metrics to an evaluation. Their names are flags of ccw evaluate. */
export const furtherMeasures = {
  retrieval: {
    label: 'Retrieval',
    description: 'Finds captions by pictures and pictures by captions, and what the attack does to that.',
    needsAttack: false,
    needsTextTower: true,
    training: null,
  },
  rebound: {
    label: 'Rebound',
    description:
      'Finetunes the model for three epochs on clean pairs and measures the attack again: whether a repaired backdoor comes back.',
    needsAttack: true,
    needsTextTower: true,
    training: {
      method: 'mmcl',
      settings: { epochs: 3, warmupSteps: 0 },
      metrics: { ca: 'reboundAccuracy', asr: 'reboundAttackSuccess' },
    },
  },
  'linear-probe': {
    label: 'Linear probe',
    description: 'Trains a linear head on the frozen image tower from clean pictures and measures it.',
    needsAttack: false,
    needsTextTower: false,
    training: {
      method: 'linear-probe',
      settings: {},
      metrics: { ca: 'probeAccuracy', asr: 'probeAttackSuccess' },
    },
  },
} as const satisfies Record<string, FurtherMeasureDescription>;
export type FurtherMeasureName = keyof typeof furtherMeasures;

export const furtherMeasureNames = Object.keys(furtherMeasures).filter(
  (name): name is FurtherMeasureName => name in furtherMeasures,
);
export const furtherMeasureSchema = z.enum(furtherMeasureNames);

/** A further measure by its name, as code that serves all of them takes it. */
export function furtherMeasureOf(name: FurtherMeasureName): FurtherMeasureDescription {
  return furtherMeasures[name];
}
