import type * as tf from '@tensorflow/tfjs-core';
import { type ConvolutionGeometry, padZeros } from './conv2d.ts';
import { runTensorflowOp } from './tensorflow-op.ts';

/**
 * Convolution, bias and ReLU in one pass over the memory, within a graph on TensorFlow's processor kernels; no gradient
 * goes through. x [n, height, width, in], filter [size, size, in, out], bias [out].
 */
export function convolveFused(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D,
  { stride, padding, activate }: ConvolutionGeometry & { activate: boolean },
): tf.Tensor4D {
  const [size] = filter.shape;
  const keepsSize = stride === 1 && size === 2 * padding + 1;
  const attributes = {
    T: { dtype: 'float32' },
    num_args: { int: 1 },
    fused_ops: { texts: activate ? ['BiasAdd', 'Relu'] : ['BiasAdd'] },
    strides: { ints: [1, stride, stride, 1] },
    padding: { text: keepsSize ? 'SAME' : 'VALID' },
  } as const;
  const inputs = [keepsSize ? x : padZeros(x, padding), filter, bias];
  return runTensorflowOp('_FusedConv2D', attributes, inputs, 1)[0] as tf.Tensor4D;
}
