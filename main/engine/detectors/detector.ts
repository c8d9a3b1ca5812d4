import type { DetectionSettings } from '#contract/detection.ts';
import type { Random } from '#core/random/random.ts';
import type { PairFeatures } from './features.ts';

/** What a detector is given beside its pairs. */
export interface DetectorContext {
  random: Random;
  /** Called with the pairs that are done so far; it may throw to stop. */
  progress(done: number): void;
}

/**
 * Scores pairs against each other, one score a pair; what is high or low in them the registry of contract/detection.ts
 * says. All are published on features that are not normalised.
 */
export type Detector = (
  features: PairFeatures,
  settings: DetectionSettings,
  context: DetectorContext,
) => Promise<Float64Array>;
