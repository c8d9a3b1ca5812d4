import * as tf from '@tensorflow/tfjs-core';

/** Keeps tensors until the backward pass, which gets them in the same order. */
export type Save = (tensors: tf.Tensor[]) => void;

/**
 * A value with a gradient of our own. What `backward` uses, `forward` must hand to `save`, inputs too: other tensors
 * are gone by then. `backward` returns one gradient for each of `inputs`.
 */
export function withGradient<T extends tf.Tensor>(
  inputs: tf.Tensor[],
  forward: (save: Save) => T,
  backward: (gradient: T, saved: tf.Tensor[]) => tf.Tensor[],
): T {
  return tf.customGrad<T>((...args) => {
    const save = args.at(-1) as Save;
    return { value: forward(save), gradFunc: backward };
  })(...inputs);
}
