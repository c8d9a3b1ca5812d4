import * as tf from '@tensorflow/tfjs-core';

/** ids [n] int32 as rows [n, depth] float32 with a one at each id. wasm's OneHot writes whole numbers whatever it is asked for. */
export function encodeOneHot(ids: tf.Tensor1D, depth: number): tf.Tensor2D {
  return tf.cast(tf.oneHot(ids, depth), 'float32') as tf.Tensor2D;
}
