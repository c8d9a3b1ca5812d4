import * as tf from '@tensorflow/tfjs-core';
import { encodeOneHot } from './one-hot.ts';

/** One row of each sequence: x [n, length, width] and places [n] int32 give [n, width]. */
export function pickRows(x: tf.Tensor3D, places: tf.Tensor1D): tf.Tensor2D {
  const [batch, length, width] = x.shape;
  const chosen = tf.reshape(encodeOneHot(places, length), [batch, 1, length]);
  return tf.reshape(tf.matMul(chosen, x), [batch, width]);
}
