import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.ts';

/** x * Phi(x) with the normal distribution's Phi (Hendrycks and Gimpel 2016), exact, with its gradient in closed form. */
export function gelu<T extends tf.Tensor>(x: T): T {
  return withGradient<T>(
    [x],
    (save) => {
      const gate = tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
      save([x, gate]);
      return tf.mul<T>(x, gate);
    },
    (dy, [input, gate]) => {
      // d/dx = Phi(x) + x * phi(x), phi the density
      const density = tf.mul(tf.exp(tf.mul(tf.square(input!), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return [tf.mul(dy, tf.add(gate!, tf.mul(input!, density)))];
    },
  );
}
