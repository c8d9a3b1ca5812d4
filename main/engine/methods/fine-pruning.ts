import * as tf from '@tensorflow/tfjs-core';
import { WorkbenchError } from '#contract/errors.ts';
import { finePruning as definition } from '#contract/methods/fine-pruning.ts';
import type { Parameters } from '../clip/parameters.ts';
import { take } from '../clip/parameters.ts';
import { trainByAdamw } from './building-blocks/common-training.ts';
import { createPairsPhase } from './building-blocks/pairs-phase.ts';
import { implementMethod, type Tensors } from './training-method.ts';

const maskPrefix = 'kept: ';

/**
 * Before the first step, the weights that read the coldest units become 0; masks in the method's memory keep them so,
 * since what is multiplied by 0 has no gradient, and no weight to decay.
 */
export const finePruning = implementMethod(definition, (settings, context) => {
  const pairs = createPairsPhase(settings, context);
  return {
    ...trainByAdamw(settings, context),
    phases: {
      pairs: {
        ...pairs,
        objective: (given) =>
          pairs.objective({ ...given, parameters: maskWeights(given.parameters, given.memory) }),
      },
    },
    async begin({ weights, measureUnits }) {
      const measured = Object.entries(await measureUnits());
      if (settings.layers > measured.length) {
        const message = `The image tower has ${measured.length} layers that can be pruned, fewer than ${settings.layers}: choose fewer (--layers).`;
        throw new WorkbenchError('bad-input', message, { layers: measured.length });
      }
      const memory: Tensors = {};
      const parameters: Parameters = {};
      for (const [layer, means] of measured.slice(-settings.layers)) {
        const name = `${layer}.weight`;
        const weight = take(weights.parameters, name);
        const kept = keepWarmest(means, settings.prunedFraction);
        const mask = tf.tensor(kept, unitShape(weight.shape));
        memory[maskPrefix + name] = mask;
        parameters[name] = tf.mul(weight, mask);
      }
      return { parameters, memory };
    },
  };
});

/** 1 for each unit that stays, 0 for the fraction with the smallest means; of equals the first go. */
export function keepWarmest(means: Float32Array, prunedFraction: number): Float32Array {
  const order = [...means.keys()].sort((a, b) => means[a]! - means[b]! || a - b);
  const kept = new Float32Array(means.length).fill(1);
  for (const unit of order.slice(0, Math.floor(prunedFraction * means.length))) kept[unit] = 0;
  return kept;
}

/** Units along the input: convolutions are [height, width, in, out], linear layers [out, in]. */
function unitShape(shape: readonly number[]): number[] {
  const inputs = shape.length === 4 ? 2 : 1;
  return shape.map((size, axis) => (axis === inputs ? size : 1));
}

function maskWeights(parameters: Parameters, masks: Tensors): Parameters {
  const masked = Object.entries(masks).map(([key, mask]) => {
    const name = key.slice(maskPrefix.length);
    return [name, tf.mul(take(parameters, name), mask)] as const;
  });
  return { ...parameters, ...Object.fromEntries(masked) };
}
