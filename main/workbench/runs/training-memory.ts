import { z } from 'zod';
import { partsShape } from '#contract/methods/common-settings.ts';
import { loopOf, methodOf } from '#contract/methods/method-registry.ts';
import type { NewRun } from '#contract/run.ts';

/**
 * Parameters, in millions, and what one pair's pass adds to the peak, in megabytes: measured for RN50 and ViT-B/32
 * (docs/performance.md, MMCL at batch 8, 16 and 32) and for the demo's model; for RN101 and RN50x4 RN50's, scaled by
 * the floats that their towers keep.
 */
const sizes: Record<string, { parameters: number; pairMegabytes: number }> = {
  RN50: { parameters: 102, pairMegabytes: 100 },
  RN101: { parameters: 120, pairMegabytes: 135 },
  RN50x4: { parameters: 178, pairMegabytes: 270 },
  'ViT-B/32': { parameters: 151, pairMegabytes: 50 },
  demo: { parameters: 0.9, pairMegabytes: 0.8 },
};

const partsSchema = z.object(partsShape);

/** What the process needs besides: Node and TensorFlow. */
const baseBytes = 500e6;
/** Weights, gradients and AdamW's two moments, and once more the weights while they are read in. */
const bytesPerParameter = 20;

/** A run's peak memory in bytes, from measured figures: decoded pictures that are kept come on top. */
export function estimateTrainingBytes({
  architecture,
  config,
}: Pick<NewRun, 'architecture' | 'config'>): number {
  const { parameters, pairMegabytes } = sizes[architecture] ?? sizes.RN50!;
  const { passes, parameterCopies } = methodOf(config.method).cost;
  const views = Math.max(passes.image, passes.text);
  const { batchSize } = loopOf(config.settings);
  const { partSize } = partsSchema.parse(config.settings);
  const inParts = partSize > 0 && partSize < batchSize;
  const pairs = inParts ? partSize : batchSize;
  // Parts add up their gradients: one more value for each parameter.
  const perParameter = bytesPerParameter + 4 * (parameterCopies + (inParts ? 1 : 0));
  return Math.round(baseBytes + 1e6 * (perParameter * parameters + pairMegabytes * pairs * views));
}
