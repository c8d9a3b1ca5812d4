import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '#core/random/random.ts';

/** A pool's first rows, which stand for none: normal noise [size, dim]. */
export function createPool(size: number, dim: number, seed: number, name: string): tf.Tensor2D {
  const random = createRandom('pool', seed, name);
  return tf.tensor2d(
    Float32Array.from({ length: size * dim }, () => random.normal()),
    [size, dim],
  );
}

/** The pool after a batch entered it: newest first, the oldest gone. */
export function enterPool(pool: tf.Tensor2D, rows: tf.Tensor2D): tf.Tensor2D {
  const [size, dim] = pool.shape;
  return tf.slice2d(tf.concat2d([rows, pool], 0), [0, 0], [size, dim]);
}
