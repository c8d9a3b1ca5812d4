import * as tf from '@tensorflow/tfjs-core';
import { WorkbenchError } from '#contract/errors.ts';
import type { MethodTools, Tensors, TrainingMethod } from '../training-method.ts';

/**
 * After the last step: mix x finetuned + (1 - mix) x start, tensor by tensor, batch norms' statistics too (WiSE-FT, arXiv
 * 2109.01903, equation 1, over all that its code keeps of a model). Nothing for a mix of 1.
 */
export function mixWithStart(mix: number): Pick<TrainingMethod, 'finish'> {
  if (mix === 1) return {};
  return {
    async finish({ weights, loadStartWeights }: MethodTools) {
      const start = loadStartWeights();
      if (start === null) {
        throw new WorkbenchError(
          'bad-input',
          'Weights are mixed with those of the model that the run starts from: name one to start from, or set the mixing coefficient to 1.',
        );
      }
      const mixed = {
        parameters: mixTensors(weights.parameters, start.parameters, mix),
        statistics: mixTensors(weights.statistics, start.statistics, mix),
      };
      tf.dispose([start.parameters, start.statistics]);
      return mixed;
    },
  };
}

/** Those that the start has too. */
function mixTensors(own: Tensors, start: Tensors, mix: number): Tensors {
  const mixed: Tensors = {};
  for (const [name, tensor] of Object.entries(own)) {
    const first = start[name];
    if (first === undefined) continue;
    mixed[name] = tf.tidy(() => tf.add(tf.mul(tensor, mix), tf.mul(first, 1 - mix)));
  }
  return mixed;
}
