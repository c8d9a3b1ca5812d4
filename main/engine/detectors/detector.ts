import type { DetectionSettings } from '#contract/detection.ts';
import type { Random } from '#core/random/random.ts';
import type { PairFeatures } from './features.ts';

/**
 * Scores pairs against each other, one score a pair; what is high or low in them the registry of contract/detection.ts
 * says. All are published on features that are not normalised.
 */
export type Detector = (
  features: PairFeatures,
  settings: DetectionSettings,
  random: Random,
) => Promise<Float64Array>;
