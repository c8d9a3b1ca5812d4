import * as tf from '@tensorflow/tfjs-core';

/** Means over size x size squares side by side; [n, h, w, c] to [n, floor(h / size), floor(w / size), c]. */
export function averagePool(x: tf.Tensor4D, size: number): tf.Tensor4D {
  return size === 1 ? x : tf.avgPool(x, size, size, 'valid');
}
