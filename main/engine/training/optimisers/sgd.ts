import * as tf from '@tensorflow/tfjs-core';
import type { Optimiser } from './optimiser.ts';

export interface SgdOptions {
  /** Part of the last change that goes on, in [0, 1). */
  momentum: number;
  /** Whether weight decay applies to the tensor of this name; PyTorch's SGD decays all. */
  decays(name: string): boolean;
}

/** Stochastic gradient descent with momentum, as torch.optim.SGD: velocity = momentum x velocity + gradient + decay x value. */
export function createSgd({ momentum, decays }: SgdOptions): Optimiser {
  return {
    moments: ['velocities'],
    largestGradientNorm: null,
    factors: ({ learningRate, weightDecay }) => [learningRate, weightDecay],
    update(state, { name, variable, moments }, gradient, [learningRate, weightDecay]) {
      const [velocity] = moments as [string];
      const force = decays(name) ? tf.add(gradient, tf.mul(state.read(variable), weightDecay!)) : gradient;
      const next = tf.add(tf.mul(state.read(velocity), momentum), force);
      state.assign(velocity, next);
      state.update(variable, (value) => tf.sub(value, tf.mul(next, learningRate!)));
    },
  };
}
