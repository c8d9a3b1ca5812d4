import * as tf from '@tensorflow/tfjs-core';
import { foldBatchNorm, normaliseConvolution, type Pass } from './batch-norm.ts';
import type { ConvolutionGeometry } from './ops/conv2d.ts';
import { convolveFused } from './ops/fused-convolution.ts';
import { relu } from './ops/relu.ts';
import { usesProcessorOps } from './ops/tensorflow-op.ts';
import { take } from './parameters.ts';

export interface ConvolutionBlock {
  /** The convolution's name. */
  convolution: string;
  /** The batch norm's. */
  norm: string;
  geometry?: ConvolutionGeometry;
  /** Added after the batch norm. */
  shortcut?: tf.Tensor4D;
  /** Whether a ReLU comes last. */
  activate: boolean;
}

/**
 * A convolution with its batch norm, a shortcut and a ReLU. Where a model is only used, the batch norm is folded into
 * filter and bias (Jacob et al. 2018, 3.2), and the processor goes over the memory once in place of four times.
 */
export function convolutionBlock(pass: Pass, x: tf.Tensor4D, block: ConvolutionBlock): tf.Tensor4D {
  const { shortcut, activate } = block;
  const { geometry = { stride: 1, padding: 0 } } = block;
  const filter = take(pass.parameters, `${block.convolution}.weight`) as tf.Tensor4D;
  const isFused = !pass.training && pass.isUsedOnly && usesProcessorOps();
  if (!isFused) {
    return finish(normaliseConvolution(pass, block.norm, x, filter, geometry), shortcut, activate);
  }
  const { factor, bias } = foldBatchNorm(pass, block.norm);
  const options = { ...geometry, activate: activate && shortcut === undefined };
  const y = convolveFused(x, tf.mul(filter, factor), bias, options);
  return shortcut === undefined ? y : finish(y, shortcut, activate);
}

function finish(y: tf.Tensor4D, shortcut: tf.Tensor4D | undefined, activate: boolean): tf.Tensor4D {
  const sum: tf.Tensor4D = shortcut === undefined ? y : tf.add(y, shortcut);
  return activate ? relu(sum) : sum;
}
