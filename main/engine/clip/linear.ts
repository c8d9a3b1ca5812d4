import type * as tf from '@tensorflow/tfjs-core';
import { applyLinear } from './ops/linear.ts';
import { type Parameters, type TensorShapes, take } from './parameters.ts';

/** A linear layer `NAME.weight` [out, in] and `NAME.bias` [out]. */
export function describeLinear(name: string, inputs: number, outputs: number): TensorShapes {
  return {
    parameters: { [`${name}.weight`]: [outputs, inputs], [`${name}.bias`]: [outputs] },
    statistics: {},
  };
}

/** rows [n, in] to [n, out]. */
export function linear(parameters: Parameters, name: string, rows: tf.Tensor2D): tf.Tensor2D {
  const weight = take(parameters, `${name}.weight`) as tf.Tensor2D;
  return applyLinear(rows, weight, take(parameters, `${name}.bias`) as tf.Tensor1D);
}
