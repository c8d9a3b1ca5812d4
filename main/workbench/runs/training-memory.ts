import { partsOf } from '#contract/methods/common-settings.ts';
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

/** What the process needs besides: Node and TensorFlow. */
const baseBytes = 500e6;
/** Weights, gradients and AdamW's two moments, and once more the weights while they are read in. */
const bytesPerParameter = 20;

/**
 * The largest batch, a power of two and smaller than the run's own, whose estimated peak is within `bytes`; null where
 * not even 2 pairs are.
 */
export function fittingBatchSize(run: Pick<NewRun, 'architecture' | 'config'>, bytes: number): number | null {
  const { batchSize: own } = loopOf(run.config.settings);
  for (let batchSize = 2 ** Math.ceil(Math.log2(own) - 1); batchSize >= 2; batchSize /= 2) {
    const settings = { ...run.config.settings, batchSize, partSize: 0 };
    const config = { ...run.config, settings } as NewRun['config'];
    if (estimateTrainingBytes({ ...run, config }) <= bytes) return batchSize;
  }
  return null;
}

/**
 * What to choose after the memory ran out.
 * @param bytes of the device; null where that is not known, as on a GPU
 */
export function adviseOnMemory(run: Pick<NewRun, 'architecture' | 'config'>, bytes: number | null): string {
  const { batchSize } = loopOf(run.config.settings);
  const fitting = fittingBatchSize(run, bytes ?? Number.POSITIVE_INFINITY);
  if (fitting === null) {
    return `By the estimate ${run.architecture} does not fit this machine at any batch size: choose a smaller architecture.`;
  }
  const parts =
    'partSize' in run.config.settings ? ` A part size of ${fitting} keeps the batch of ${batchSize}.` : '';
  return bytes === null
    ? `Try a batch size of ${fitting} or less.${parts}`
    : `By the estimate a batch size of ${fitting} fits the ${(bytes / 1e9).toFixed(0)} GB that programs may use here.${parts}`;
}

/** A run's peak memory in bytes, from measured figures: decoded pictures that are kept come on top. */
export function estimateTrainingBytes({
  architecture,
  config,
}: Pick<NewRun, 'architecture' | 'config'>): number {
  const { parameters, pairMegabytes } = sizes[architecture] ?? sizes.RN50!;
  const { passes, parameterCopies } = methodOf(config.method).cost;
  const views = Math.max(passes.image, passes.text);
  const { batchSize } = loopOf(config.settings);
  const parts = partsOf(config.settings);
  const pairs = parts?.partSize ?? batchSize;
  // Parts add up their gradients: one more value for each parameter.
  const perParameter = bytesPerParameter + 4 * (parameterCopies + (parts === null ? 0 : 1));
  return Math.round(baseBytes + 1e6 * (perParameter * parameters + pairMegabytes * pairs * views));
}

/** Bytes that a run leaves on the disk: weights (float32) of each epoch, and what the last two need to go on from. */
export function checkpointBytes(architecture: string, epochs: number): number {
  const { parameters } = sizes[architecture] ?? sizes.RN50!;
  return Math.round(4e6 * parameters * (epochs + 4));
}
