import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.ts';

/** A value of tensors that no gradient is taken through; its ops need none of their own. */
export function withoutGradient<T extends tf.Tensor>(inputs: tf.Tensor[], compute: () => T): T {
  return withGradient<T>(
    inputs,
    (save) => {
      save(inputs);
      return tf.clone(compute());
    },
    (_gradient, saved) => saved.map((tensor) => tf.zerosLike(tensor)),
  );
}
