import * as tf from '@tensorflow/tfjs-core';
import { sumRows } from './add-bias.ts';
import { withGradient } from './custom-gradient.ts';

const epsilon = 1e-5;

/**
 * Layer normalisation over the last axis (Ba et al. 2016), eps 1e-5, biased variance.
 * rows [n, width], scale and shift [width].
 */
export function normaliseLayer(rows: tf.Tensor2D, scale: tf.Tensor1D, shift: tf.Tensor1D): tf.Tensor2D {
  return withGradient(
    [rows, scale, shift],
    (save) => {
      const centred = tf.sub(rows, tf.mean(rows, 1, true));
      const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), epsilon));
      const normal = tf.mul(centred, inverse);
      save([normal, inverse, scale]);
      return tf.add(tf.mul(normal, scale), shift);
    },
    (dy, [normal, inverse, factor]) => {
      const dyNormal: tf.Tensor2D = tf.mul(dy, normal!);
      const g = tf.mul(dy, factor!); // the gradient of `normal`
      const along = tf.mul(normal!, tf.mean(tf.mul(g, normal!), 1, true));
      const dRows = tf.mul(tf.sub(tf.sub(g, tf.mean(g, 1, true)), along), inverse!);
      return [dRows, sumRows(dyNormal), sumRows(dy)];
    },
  );
}
