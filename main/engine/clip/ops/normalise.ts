import * as tf from '@tensorflow/tfjs-core';

/** Rows [n, dim] scaled to length 1. */
export function normalise(rows: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(rows, tf.rsqrt(tf.sum(tf.square(rows), 1, true)));
}
