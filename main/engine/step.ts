import type * as tf from '@tensorflow/tfjs-core';
import type { InputShape } from './input-check.ts';
import type { StepState } from './variables.ts';

/**
 * A function of tensors that reads no values and captures nothing but declared constants. What it keeps from call to
 * call it reads and changes through `state`.
 */
export type Step = (inputs: tf.Tensor[], state: StepState) => tf.Tensor[];

export interface CompiledStep {
  /**
   * Runs the step; its outputs are the caller's to dispose, inputs stay the caller's. After a failure the variables may
   * hold the step's values in part: go on from a checkpoint.
   */
  run(inputs: tf.Tensor[]): Promise<tf.Tensor[]>;
  /** Makes the graph for inputs of these shapes now, where there are graphs; nothing is computed. */
  prepare(inputs: readonly InputShape[]): void;
  /** Graphs so far: one for each combination of input shapes. */
  readonly graphs: number;
  dispose(): void;
}
