import type { DetectionSettings, DetectorName } from '#contract/detection.ts';
import { createRandom } from '#core/random/random.ts';
import { clipScore } from './clip-score.ts';
import { dao } from './dao.ts';
import type { Detector } from './detector.ts';
import { type PairFeatures, takePairs } from './features.ts';
import { isolationForest } from './isolation-forest.ts';
import { kDistance } from './k-distance.ts';
import { lid } from './lid.ts';
import { slof } from './slof.ts';

/** Every detector of poisoned pairs. */
export const detectorRegistry = {
  clipscore: clipScore,
  'k-distance': kDistance,
  slof,
  lid,
  dao,
  'isolation-forest': isolationForest,
} satisfies Record<DetectorName, Detector>;

/**
 * One score for each pair: among all pairs, or in batches drawn by the seed, of nearly equal size, so that no pair is
 * judged among a few that were left over.
 * @param progress called with the pairs scored so far; it may throw to stop
 */
export async function scorePairs(
  features: PairFeatures,
  settings: DetectionSettings,
  progress: (done: number) => void,
): Promise<Float64Array> {
  const detector = detectorRegistry[settings.detector];
  const random = createRandom('detection', settings.seed);
  if (settings.among === 'all') return detector(features, settings, { random, progress });
  const { count } = features;
  const order = Uint32Array.from({ length: count }, (_, at) => at);
  random.shuffle(order);
  const batches = Math.max(1, Math.round(count / settings.batchSize));
  const scores = new Float64Array(count);
  for (let batch = 0; batch < batches; batch++) {
    const [from, to] = [batch, batch + 1].map((edge) => Math.round((edge * count) / batches));
    const places = order.subarray(from, to);
    const found = await detector(takePairs(features, places), settings, { random, progress() {} });
    for (const [row, place] of places.entries()) scores[place] = found[row]!;
    progress(to ?? count);
  }
  return scores;
}
