import * as tf from '@tensorflow/tfjs-core';
import type { Parameters } from '../../clip/parameters.ts';

/** Scales gradients down together to an L2 norm of at most `largest`, as torch.nn.utils.clip_grad_norm_; null: leaves them. */
export function limitNorm(gradients: Parameters, largest: number | null): Parameters {
  if (largest === null) return gradients;
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
  const norm = tf.sqrt(tf.addN(squares));
  const factor = tf.minimum(1, tf.div(largest, tf.add(norm, 1e-6)));
  return Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, factor)]),
  );
}
