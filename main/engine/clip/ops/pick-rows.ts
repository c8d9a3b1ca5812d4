import * as tf from '@tensorflow/tfjs-core';

/** One row of each sequence: x [n, length, width] and places [n, length], one-hot, give [n, width]. */
export function pickRows(x: tf.Tensor3D, places: tf.Tensor2D): tf.Tensor2D {
  const [batch, length, width] = x.shape;
  return tf.reshape(tf.matMul(tf.reshape(places, [batch, 1, length]), x), [batch, width]);
}
