import type * as tf from '@tensorflow/tfjs-core';
import type { StepState } from '../../variables.ts';

/** A trained tensor as an optimiser meets it: the variables that hold it and its moments. */
export interface OptimisedTensor {
  /** The parameter's own name, by which rules such as weight decay go. */
  name: string;
  variable: string;
  /** Variables of the tensor's shape, in the order of {@link Optimiser.moments}. */
  moments: readonly string[];
}

/** How gradients change parameters. */
export interface Optimiser {
  /** What it keeps for each tensor besides its values, all 0 at the start. */
  readonly moments: readonly string[];
  /** Gradients are scaled down together to at most this L2 norm; null: never. */
  readonly largestGradientNorm: number | null;
  /** What changes from step to step, worked out in double precision. `step` counts from 1. */
  factors(settings: { learningRate: number; weightDecay: number; step: number }): number[];
  /** Says what the tensor will be after the step. `factors` are scalars with the values of {@link factors}. */
  update(state: StepState, tensor: OptimisedTensor, gradient: tf.Tensor, factors: tf.Scalar[]): void;
}
