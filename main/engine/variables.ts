import type * as tf from '@tensorflow/tfjs-core';
import { WorkbenchError } from '#contract/errors.ts';

/**
 * Tensors by name that outlive a step and that steps change: parameters, moments, statistics, pools. On backend
 * `tensorflow` they are its resource variables, updated in place by a step's graph; elsewhere plain tensors.
 */
export interface Variables {
  /** Shapes by name, in the order in which they were made. */
  readonly shapes: ReadonlyMap<string, number[]>;
  /** A new variable with the tensor's values; the tensor stays the caller's. float32 or int32. */
  create(name: string, value: tf.Tensor): void;
  /** Changes a variable between steps; the tensor stays the caller's. */
  write(name: string, value: tf.Tensor): void;
  /** The values now; the tensor is the caller's, and keeps them when the variable goes on. */
  read(name: string): tf.Tensor;
  dispose(): void;
}

/** How a step reads variables and says what they are from its end on. */
export interface StepState {
  /** The value at the beginning of the step. */
  read(name: string): tf.Tensor;
  /** Sets the value from the end of the step on. */
  assign(name: string, value: tf.Tensor): void;
  /** Changes the value that earlier calls in this step leave behind. */
  update(name: string, change: (value: tf.Tensor) => tf.Tensor): void;
  /** TensorFlow's updates in one pass over the memory; null where the backend has none. */
  readonly fused: FusedUpdates | null;
}

/** Scalars of {@link FusedUpdates.adam}; those that change from step to step are inputs of it. */
export interface AdamScalars {
  /** Learning rate x sqrt(1 - beta2^t) / (1 - beta1^t). */
  stepSize: tf.Tensor;
  /** Epsilon x sqrt(1 - beta2^t). */
  epsilon: tf.Tensor;
  beta1: number;
  beta2: number;
}

export interface FusedUpdates {
  /** value += change, in its own memory. */
  add(name: string, change: tf.Tensor): void;
  /** value -= share x value. */
  shrink(name: string, share: tf.Tensor): void;
  /** m += (1 - beta1)(g - m); v += (1 - beta2)(g^2 - v); value -= stepSize x m / (sqrt(v) + epsilon). */
  adam(
    name: string,
    moments: { first: string; second: string },
    gradient: tf.Tensor,
    scalars: AdamScalars,
  ): void;
}

/** Refuses a value of another shape than its variable's. */
export function checkShape(name: string, expected: readonly number[], { shape }: tf.Tensor): void {
  if (expected.length === shape.length && expected.every((side, axis) => side === shape[axis])) return;
  throw new WorkbenchError('internal', `The variable ${name} has shape [${expected}], not [${shape}].`, {
    name,
  });
}
