import { loopOf, methodOf } from '#contract/methods/method-registry.ts';
import type { NewRun } from '#contract/run.ts';

/** Parameters and floats kept for the gradients of one pair, in millions (counted from the towers' shapes). */
const sizes: Record<string, { parameters: number; activations: number }> = {
  RN50: { parameters: 102, activations: 34 },
  RN101: { parameters: 120, activations: 46 },
  RN50x4: { parameters: 178, activations: 92 },
  'ViT-B/32': { parameters: 151, activations: 14 },
  demo: { parameters: 0.9, activations: 0.9 },
};

/** What the process needs besides: TensorFlow itself and decoded pictures. */
const baseBytes = 900e6;

/**
 * A rough estimate of a run's memory in bytes: weights, gradients, AdamW's two moments and a copy while a step
 * replaces them, the method's own copies, and what the towers keep for the gradients of a batch.
 */
export function estimateTrainingBytes({
  architecture,
  config,
}: Pick<NewRun, 'architecture' | 'config'>): number {
  const { parameters, activations } = sizes[architecture] ?? { parameters: 102, activations: 34 };
  const { passes, parameterCopies } = methodOf(config.method).cost;
  const views = Math.max(passes.image, passes.text);
  const { batchSize } = loopOf(config.settings);
  return Math.round(baseBytes + 4e6 * ((5 + parameterCopies) * parameters + activations * batchSize * views));
}
