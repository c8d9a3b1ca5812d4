import * as tf from '@tensorflow/tfjs-core';
import { normalise } from '../clip/ops/normalise.ts';

/**
 * Minus the mean cosine over all pairs of different rows of a batch [n, dim]: -1 where all embeddings are one (DECREE,
 * CVPR 2023; GiantSeaweed/DECREE, commit 9c13b88).
 */
export function pairwiseCosineLoss(rows: tf.Tensor2D): tf.Scalar {
  const [count] = rows.shape;
  const all: tf.Scalar = tf.sum(tf.square(tf.sum(normalise(rows), 0)));
  // Each row with itself gives 1.
  return tf.div(tf.sub(count, all), count * (count - 1));
}
