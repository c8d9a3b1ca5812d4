import * as tf from '@tensorflow/tfjs-core';
import { lookUp } from '../clip/ops/embedding.ts';
import { normalise } from '../clip/ops/normalise.ts';
import { withoutGradient } from '../clip/ops/without-gradient.ts';

/** For each row of `rows` [n, dim] the row of `pool` [size, dim] with the largest cosine, [n, dim]; no gradient reaches either. */
export function takeNearest(rows: tf.Tensor2D, pool: tf.Tensor2D): tf.Tensor2D {
  return withoutGradient([rows, pool], () => {
    const cosines = tf.matMul(normalise(rows), normalise(pool), false, true);
    return lookUp(pool, tf.argMax(cosines, 1));
  });
}
