import type * as tf from '@tensorflow/tfjs-core';
import { type BatchNormTensors, foldStatistics, normaliseByStatistics } from './ops/batch-norm.ts';
import { type ConvolutionGeometry, convolve } from './ops/conv2d.ts';
import { convolveNormalised } from './ops/normalised-convolution.ts';
import { type Parameters, type Statistics, type TensorShapes, take } from './parameters.ts';
import type { Watch } from './watch.ts';

/** A batch norm `NAME.weight`, `.bias`, `.running_mean` and `.running_var`, each [channels]. */
export function describeBatchNorm(name: string, channels: number): TensorShapes {
  return {
    parameters: { [`${name}.weight`]: [channels], [`${name}.bias`]: [channels] },
    statistics: { [`${name}.running_mean`]: [channels], [`${name}.running_var`]: [channels] },
  };
}

/** One run through the layers of an image tower. */
export interface Pass {
  parameters: Parameters;
  statistics: Statistics;
  /** Training uses the batch's statistics and fills `updated`; otherwise the running ones serve. */
  training: boolean;
  /** No gradient is taken, so that fused kernels serve which have none. */
  isUsedOnly: boolean;
  /** The new running statistics, collected layer by layer. */
  updated: Statistics;
  watch?: Watch | undefined;
}

/** The batch norm of a convolution, x [n, h, w, in] by filter [size, size, in, out]: [n, h', w', out]. */
export function normaliseConvolution(
  pass: Pass,
  name: string,
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  geometry: ConvolutionGeometry,
): tf.Tensor4D {
  const { training, updated } = pass;
  const tensors = tensorsOf(pass, name);
  if (!training) return normaliseByStatistics(convolve(x, filter, geometry), tensors);
  const { y, runningMean, runningVariance } = convolveNormalised(x, filter, geometry, tensors);
  updated[`${name}.running_mean`] = runningMean;
  updated[`${name}.running_var`] = runningVariance;
  return y;
}

/** A batch norm by its running statistics, as one factor and one bias per channel. */
export function foldBatchNorm(pass: Pass, name: string): ReturnType<typeof foldStatistics> {
  return foldStatistics(tensorsOf(pass, name));
}

function tensorsOf({ parameters, statistics }: Pass, name: string): BatchNormTensors {
  return {
    scale: take(parameters, `${name}.weight`) as tf.Tensor1D,
    shift: take(parameters, `${name}.bias`) as tf.Tensor1D,
    runningMean: take(statistics, `${name}.running_mean`) as tf.Tensor1D,
    runningVariance: take(statistics, `${name}.running_var`) as tf.Tensor1D,
  };
}
