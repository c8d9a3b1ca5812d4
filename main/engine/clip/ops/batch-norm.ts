import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.ts';
import { runTensorflowOp, usesFusedOps } from './tensorflow-op.ts';

export const epsilon = 1e-5;
/** Part of the running statistics that a batch replaces (PyTorch's `momentum`). */
const momentum = 0.1;

/** Per channel, each [channels]. */
export interface BatchNormTensors {
  scale: tf.Tensor1D;
  shift: tf.Tensor1D;
  runningMean: tf.Tensor1D;
  runningVariance: tf.Tensor1D;
}

export interface BatchNormResult {
  y: tf.Tensor4D;
  runningMean: tf.Tensor1D;
  runningVariance: tf.Tensor1D;
}

/**
 * Batch normalisation with the batch's own statistics (Ioffe and Szegedy 2015), as PyTorch's in training mode:
 * biased variance inside, momentum 0.1 and unbiased variance for the running statistics. x [n, h, w, channels].
 */
export function normaliseBatch(x: tf.Tensor4D, tensors: BatchNormTensors): BatchNormResult {
  return usesFusedOps() ? normaliseBatchFused(x, tensors) : normaliseBatchComposed(x, tensors);
}

/** As {@link normaliseBatch}, from ops that every backend has. */
export function normaliseBatchComposed(x: tf.Tensor4D, tensors: BatchNormTensors): BatchNormResult {
  const [batch, height, width] = x.shape;
  const count = batch * height * width;
  const mean = averagePositions(x);
  const centred: tf.Tensor4D = tf.sub(x, mean);
  const variance = averagePositions(tf.square(centred));
  const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
  return {
    y: tf.add(tf.mul(normal, tensors.scale), tensors.shift),
    ...blendStatistics(tensors, mean, variance, count),
  };
}

/** The running statistics once a batch has moved them: its mean and biased variance over `count` positions. */
export function blendStatistics(
  tensors: BatchNormTensors,
  mean: tf.Tensor1D,
  variance: tf.Tensor1D,
  count: number,
): Omit<BatchNormResult, 'y'> {
  const unbiased: tf.Tensor1D = tf.mul(variance, count / (count - 1));
  return {
    runningMean: blend(tensors.runningMean, mean),
    runningVariance: blend(tensors.runningVariance, unbiased),
  };
}

/** Means per channel; on wasm an axis at a time: it adds in single precision, so long sums would lose digits. */
function averagePositions(x: tf.Tensor4D): tf.Tensor1D {
  return tf.getBackend() === 'wasm' ? tf.mean(tf.mean(tf.mean(x, 1), 1), 0) : tf.mean(x, [0, 1, 2]);
}

function blend(running: tf.Tensor1D, batch: tf.Tensor1D): tf.Tensor1D {
  return tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum));
}

/** FusedBatchNormV3 gives y, the new running statistics and what its gradient needs in one pass over x. */
function normaliseBatchFused(x: tf.Tensor4D, tensors: BatchNormTensors): BatchNormResult {
  const { scale, shift, runningMean, runningVariance } = tensors;
  const attributes = {
    T: { dtype: 'float32' },
    U: { dtype: 'float32' },
    epsilon: { float: epsilon },
    data_format: { text: 'NHWC' },
    is_training: { bool: true },
  } as const;
  const [value, mean, variance, ...reserve] = runTensorflowOp(
    'FusedBatchNormV3',
    { ...attributes, exponential_avg_factor: { float: momentum } },
    [x, scale, shift, runningMean, runningVariance],
    6,
  ) as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, ...tf.Tensor[]];
  const y = withGradient(
    [x, scale, shift],
    (save) => {
      save([x, scale, ...reserve]);
      return tf.clone(value);
    },
    (dy, saved) => runTensorflowOp('FusedBatchNormGradV3', attributes, [dy, ...saved], 5).slice(0, 3),
  );
  return { y, runningMean: mean, runningVariance: variance };
}

/** Batch normalisation with the running statistics is one factor and one bias per channel. */
export function foldStatistics(tensors: BatchNormTensors): { factor: tf.Tensor1D; bias: tf.Tensor1D } {
  const factor: tf.Tensor1D = tf.mul(tensors.scale, tf.rsqrt(tf.add(tensors.runningVariance, epsilon)));
  return { factor, bias: tf.sub(tensors.shift, tf.mul(tensors.runningMean, factor)) };
}

/** Batch normalisation with the running statistics. */
export function normaliseByStatistics(x: tf.Tensor4D, tensors: BatchNormTensors): tf.Tensor4D {
  const { factor, bias } = foldStatistics(tensors);
  return tf.add(tf.mul(x, factor), bias);
}
