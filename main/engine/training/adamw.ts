import * as tf from '@tensorflow/tfjs-core';
import { type Parameters, take } from '../clip/parameters.ts';

/** What may differ between methods that use AdamW. */
export interface AdamwOptions {
  /** Beta 1. */
  meanDecay: number;
  /** Beta 2. */
  varianceDecay: number;
  epsilon: number;
  /** Whether weight decay applies to the tensor of this name. */
  decays(name: string): boolean;
}

/** logit_scale stays in [0, ln 100] (Radford et al. 2021, 2.5). */
const largestLogitScale = 4.6052;

/** Parts of a name that spare a tensor from weight decay, as the reference implementation decides it. */
const decayExcludes = ['bn', 'ln', 'bias', 'logit_scale'];

/** Whether weight decay applies to the tensor of this name. */
export function decays(name: string): boolean {
  return !decayExcludes.some((part) => name.includes(part));
}

/** As the reference implementation has it. */
export const referenceAdamw: AdamwOptions = { meanDecay: 0.9, varianceDecay: 0.999, epsilon: 1e-8, decays };

/** The one name in {@link Moments}: all tensors end to end, in the order of {@link orderNames}. */
const joinedName = 'joined';

/** Running means of the gradients and of their squares. */
export interface Moments {
  firstMoments: Parameters;
  secondMoments: Parameters;
}

/** What changes from step to step, worked out in double precision. */
export interface StepFactors {
  /** 1 - learning rate x weight decay. */
  decay: number;
  /** Learning rate over the mean's bias correction. */
  stepSize: number;
  /** Square root of the variance's bias correction. */
  varianceCorrection: number;
}
export type StepFactorTensors = Record<keyof StepFactors, tf.Scalar>;

/** The factors of optimiser step `step`, counted from 1. */
export function findStepFactors(
  learningRate: number,
  weightDecay: number,
  step: number,
  { meanDecay, varianceDecay }: AdamwOptions = referenceAdamw,
): StepFactors {
  return {
    decay: 1 - learningRate * weightDecay,
    stepSize: learningRate / (1 - meanDecay ** step),
    varianceCorrection: Math.sqrt(1 - varianceDecay ** step),
  };
}

/** Names in the order of the moments: those that decay, then the others, each by code point. */
export function orderNames(names: string[], { decays }: AdamwOptions = referenceAdamw): string[] {
  const sorted = [...names].sort();
  return [...sorted.filter((name) => decays(name)), ...sorted.filter((name) => !decays(name))];
}

/** Moments before the first step. The caller disposes them. */
export function createMoments(parameters: Parameters): Moments {
  const size = Object.values(parameters).reduce((sum, tensor) => sum + tensor.size, 0);
  const start = () => ({ [joinedName]: tf.zeros([size]) });
  return { firstMoments: start(), secondMoments: start() };
}

/**
 * One step of AdamW (Loshchilov and Hutter 2019), in PyTorch's order of operations:
 * decay, then the step. All tensors are updated end to end as one vector. logit_scale is clamped to [0, 4.6052].
 */
export function updateByAdamW(
  parameters: Parameters,
  gradients: Parameters,
  moments: Moments,
  factors: StepFactorTensors,
  options: AdamwOptions = referenceAdamw,
): { parameters: Parameters; moments: Moments } {
  const { meanDecay, varianceDecay, epsilon } = options;
  const names = orderNames(Object.keys(parameters), options);
  const gradient = joinTensors(names.map((name) => take(gradients, name)));
  const oldMean = take(moments.firstMoments, joinedName);
  const mean = tf.add(oldMean, tf.mul(tf.sub(gradient, oldMean), 1 - meanDecay));
  const oldVariance = tf.mul(take(moments.secondMoments, joinedName), varianceDecay);
  const variance = tf.add(oldVariance, tf.mul(tf.square(gradient), 1 - varianceDecay));
  const width = tf.add(tf.div(tf.sqrt(variance), factors.varianceCorrection), epsilon);
  const step = tf.mul(tf.div(mean, width), factors.stepSize);
  const updated = tf.sub(decayParameters(parameters, names, factors.decay, options), step);
  return {
    parameters: clampLogitScale(splitTensors(updated, parameters, names)),
    moments: { firstMoments: { [joinedName]: mean }, secondMoments: { [joinedName]: variance } },
  };
}

/** All parameters end to end, those that decay made smaller. */
function decayParameters(
  parameters: Parameters,
  names: string[],
  factor: tf.Scalar,
  { decays }: AdamwOptions,
): tf.Tensor1D {
  const join = (some: string[]) => joinTensors(some.map((name) => take(parameters, name)));
  const spared = names.filter((name) => !decays(name));
  const decaying = names.filter((name) => decays(name));
  if (decaying.length === 0) return join(spared);
  const decayed: tf.Tensor1D = tf.mul(join(decaying), factor);
  return spared.length === 0 ? decayed : tf.concat([decayed, join(spared)]);
}

function joinTensors(tensors: tf.Tensor[]): tf.Tensor1D {
  return tf.concat(tensors.map((tensor) => tf.reshape(tensor, [tensor.size]))) as tf.Tensor1D;
}

function splitTensors(joined: tf.Tensor, like: Parameters, names: string[]): Parameters {
  const tensors = names.map((name) => take(like, name));
  const sizes = tensors.map((tensor) => tensor.size);
  const parts = tf.split(joined, sizes);
  return Object.fromEntries(names.map((name, at) => [name, tf.reshape(parts[at]!, tensors[at]!.shape)]));
}

function clampLogitScale(parameters: Parameters): Parameters {
  const { logit_scale: scale } = parameters;
  return scale ? { ...parameters, logit_scale: tf.clipByValue(scale, 0, largestLogitScale) } : parameters;
}
