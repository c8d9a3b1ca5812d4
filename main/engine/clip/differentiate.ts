// Registers the ops' gradients, which tfjs-core's own build for Node leaves out.
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { type Parameters, take } from './parameters.ts';

export interface Differentiated {
  loss: tf.Scalar;
  /** What the computation gave besides its loss. */
  extra: Record<string, tf.Tensor>;
  /** The loss's derivative by each of the parameters, under their names. */
  gradients: Parameters;
}

/**
 * A loss and its gradient by each of `parameters`, all of which it must depend on. `extra` are further results, such as
 * new batch-norm statistics, that no gradient is taken of.
 */
export function differentiate(
  parameters: Parameters,
  compute: (parameters: Parameters) => { loss: tf.Scalar; extra: Record<string, tf.Tensor> },
): Differentiated {
  const names = Object.keys(parameters);
  // TensorFlow.js disposes all but the loss when the forward pass ends: the rest is kept, then handed over.
  const kept: Record<string, tf.Tensor> = {};
  const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
    const given = Object.fromEntries(names.map((name, at) => [name, tensors[at]!]));
    const { loss, extra } = compute(given);
    for (const [name, tensor] of Object.entries(extra)) kept[name] = tf.keep(tf.clone(tensor));
    return loss;
  })(names.map((name) => take(parameters, name)));
  const extra = Object.fromEntries(Object.entries(kept).map(([name, tensor]) => [name, tf.clone(tensor)]));
  tf.dispose(kept);
  return { loss: value, extra, gradients: Object.fromEntries(names.map((name, at) => [name, grads[at]!])) };
}
