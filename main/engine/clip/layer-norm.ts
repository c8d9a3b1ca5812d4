import type * as tf from '@tensorflow/tfjs-core';
import { normaliseLayer } from './ops/layer-norm.ts';
import { type Parameters, type TensorShapes, take } from './parameters.ts';

/** A layer norm `NAME.weight` and `NAME.bias`, each [width]. */
export function describeLayerNorm(name: string, width: number): TensorShapes {
  return { parameters: { [`${name}.weight`]: [width], [`${name}.bias`]: [width] }, statistics: {} };
}

/** rows [n, width] to [n, width]. */
export function layerNorm(parameters: Parameters, name: string, rows: tf.Tensor2D): tf.Tensor2D {
  const scale = take(parameters, `${name}.weight`) as tf.Tensor1D;
  return normaliseLayer(rows, scale, take(parameters, `${name}.bias`) as tf.Tensor1D);
}
