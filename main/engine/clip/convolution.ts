import type * as tf from '@tensorflow/tfjs-core';
import { type ConvolutionGeometry, convolve } from './ops/conv2d.ts';
import { type Parameters, type TensorShapes, take } from './parameters.ts';

/** A convolution without bias, `NAME.weight` [size, size, in, out]. */
export function describeConvolution(
  name: string,
  size: number,
  inputs: number,
  outputs: number,
): TensorShapes {
  return { parameters: { [`${name}.weight`]: [size, size, inputs, outputs] }, statistics: {} };
}

/** x [n, h, w, in] to [n, h', w', out]. */
export function convolution(
  parameters: Parameters,
  name: string,
  x: tf.Tensor4D,
  geometry: ConvolutionGeometry = { stride: 1, padding: 0 },
): tf.Tensor4D {
  return convolve(x, take(parameters, `${name}.weight`) as tf.Tensor4D, geometry);
}
