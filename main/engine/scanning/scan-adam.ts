import * as tf from '@tensorflow/tfjs-core';
import { type Parameters, take } from '../clip/parameters.ts';

/** DECREE's Adam, without decay. */
const meanDecay = 0.5;
const varianceDecay = 0.9;
const epsilon = 1e-8;

/** Running means of gradients and of their squares: all tensors end to end, by their names. */
export interface ScanMoments {
  first: tf.Tensor;
  second: tf.Tensor;
}

export interface ScanFactors {
  /** Learning rate over the mean's bias correction. */
  stepSize: tf.Scalar;
  /** Square root of the variance's bias correction. */
  varianceCorrection: tf.Scalar;
}

/** Moments before the first step. The caller disposes them. */
export function createScanMoments(free: Parameters): ScanMoments {
  const size = Object.values(free).reduce((sum, tensor) => sum + tensor.size, 0);
  return { first: tf.zeros([size]), second: tf.zeros([size]) };
}

/** The factors of step `step`, counted from 1, in the order in which a step takes them. */
export function findScanFactors(learningRate: number, step: number): [number, number] {
  return [learningRate / (1 - meanDecay ** step), Math.sqrt(1 - varianceDecay ** step)];
}

/** One step of Adam (Kingma and Ba 2015) in PyTorch's order of operations. */
export function updateByScanAdam(
  free: Parameters,
  gradients: Parameters,
  moments: ScanMoments,
  { stepSize, varianceCorrection }: ScanFactors,
): { free: Parameters; moments: ScanMoments } {
  const names = Object.keys(free).sort();
  const tensors = names.map((name) => take(free, name));
  const gradient = join(names.map((name) => take(gradients, name)));
  const first = tf.add(moments.first, tf.mul(tf.sub(gradient, moments.first), 1 - meanDecay));
  const second = tf.add(
    tf.mul(moments.second, varianceDecay),
    tf.mul(tf.square(gradient), 1 - varianceDecay),
  );
  const width = tf.add(tf.div(tf.sqrt(second), varianceCorrection), epsilon);
  const updated = tf.sub(join(tensors), tf.mul(tf.div(first, width), stepSize));
  const sizes = tensors.map(({ size }) => size);
  const parts = tf.split(updated, sizes);
  const shaped = names.map((name, at) => [name, tf.reshape(parts[at]!, tensors[at]!.shape)]);
  return { free: Object.fromEntries(shaped), moments: { first, second } };
}

function join(tensors: tf.Tensor[]): tf.Tensor {
  return tf.concat(tensors.map((tensor) => tf.reshape(tensor, [tensor.size])));
}
