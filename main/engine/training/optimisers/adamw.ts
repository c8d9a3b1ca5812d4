import * as tf from '@tensorflow/tfjs-core';
import type { StepState } from '../../variables.ts';
import type { OptimisedTensor, Optimiser } from './optimiser.ts';

/** What may differ between methods that use AdamW. */
export interface AdamwOptions {
  /** Beta 1. */
  meanDecay: number;
  /** Beta 2. */
  varianceDecay: number;
  epsilon: number;
  /** Whether weight decay applies to the tensor of this name. */
  decays(name: string): boolean;
  largestGradientNorm?: number;
}

/** Parts of a name that spare a tensor from weight decay, as the reference implementation decides it. */
const decayExcludes = ['bn', 'ln', 'bias', 'logit_scale'];

/** Whether weight decay applies to the tensor of this name. */
export function decays(name: string): boolean {
  return !decayExcludes.some((part) => name.includes(part));
}

/**
 * AdamW (Loshchilov and Hutter 2019) in PyTorch's order of operations: decay, then the step. On TensorFlow each tensor
 * is updated in place (ResourceApplyAdam); elsewhere by ops that every backend has.
 */
export function createAdamw(options: AdamwOptions): Optimiser {
  const { meanDecay, varianceDecay, epsilon, largestGradientNorm = null } = options;
  return {
    moments: ['firstMoments', 'secondMoments'],
    largestGradientNorm,
    factors({ learningRate, weightDecay, step }) {
      // PyTorch adds epsilon after the variance's bias correction: the correction then lies in the step and in epsilon.
      const correction = Math.sqrt(1 - varianceDecay ** step);
      const stepSize = (learningRate * correction) / (1 - meanDecay ** step);
      return [learningRate * weightDecay, stepSize, epsilon * correction];
    },
    update(state, tensor, gradient, [share, stepSize, epsilonNow]) {
      const factors = { share: share!, stepSize: stepSize!, epsilon: epsilonNow! };
      if (state.fused) updateInPlace(state.fused, options, tensor, gradient, factors);
      else updateByOps(state, options, tensor, gradient, factors);
    },
  };
}

/** The reference implementation's. */
export const referenceBetas = { meanDecay: 0.9, varianceDecay: 0.999, epsilon: 1e-8 } as const;

/** As the reference implementation has it. */
export const referenceAdamw = createAdamw({ ...referenceBetas, decays });

interface Factors {
  share: tf.Scalar;
  stepSize: tf.Scalar;
  epsilon: tf.Scalar;
}

function updateInPlace(
  fused: NonNullable<StepState['fused']>,
  { meanDecay, varianceDecay, decays: isDecaying }: AdamwOptions,
  { name, variable, moments }: OptimisedTensor,
  gradient: tf.Tensor,
  { share, stepSize, epsilon }: Factors,
): void {
  const [first, second] = moments as [string, string];
  if (isDecaying(name)) fused.shrink(variable, share);
  const scalars = { stepSize, epsilon, beta1: meanDecay, beta2: varianceDecay };
  fused.adam(variable, { first, second }, gradient, scalars);
}

function updateByOps(
  state: StepState,
  { meanDecay, varianceDecay, decays: isDecaying }: AdamwOptions,
  { name, variable, moments }: OptimisedTensor,
  gradient: tf.Tensor,
  { share, stepSize, epsilon }: Factors,
): void {
  const [first, second] = moments as [string, string];
  const mean = state.read(first);
  const newMean = tf.add(mean, tf.mul(tf.sub(gradient, mean), 1 - meanDecay));
  const newVariance = tf.add(
    tf.mul(state.read(second), varianceDecay),
    tf.mul(tf.square(gradient), 1 - varianceDecay),
  );
  const change = tf.div(tf.mul(newMean, stepSize), tf.add(tf.sqrt(newVariance), epsilon));
  state.assign(first, newMean);
  state.assign(second, newVariance);
  if (isDecaying(name)) state.update(variable, (value) => tf.sub(value, tf.mul(value, share)));
  state.update(variable, (value) => tf.sub(value, change));
}
