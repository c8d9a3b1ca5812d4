import * as tf from '@tensorflow/tfjs-core';
import { WorkbenchError } from '#contract/errors.ts';
import type { Precision } from '#contract/methods/common-settings.ts';
import { describeInput, InputCheck, type InputShape } from './input-check.ts';
import { PlainVariables } from './plain-variables.ts';
import type { CompiledStep, Step } from './step.ts';
import { currentTensorflow } from './tensorflow/kernel-backend.ts';
import { ResourceVariables } from './tensorflow/resource-variables.ts';
import { TracedStep } from './tensorflow/traced-step.ts';
import type { Variables } from './variables.ts';

export type { CompiledStep, Step } from './step.ts';

export interface CompileOptions {
  /** Appears in error messages and in TensorFlow's own. */
  name: string;
  /** Tensors from outside that the step uses; they must outlive it. */
  constants?: tf.Tensor[];
  /** What the step's state holds; they must outlive it. */
  variables?: Variables;
  /** In what matrices are multiplied (tensorflow/mixed-precision.ts); float32 where it is left out. */
  precision?: Precision;
}

/**
 * Makes a step fast. On backend `tensorflow` it is traced as a graph, once for each combination of input shapes, and
 * runs as one op; other backends run it op by op. The number, ranks and element types of inputs are those of the first
 * call.
 * @throws WorkbenchError `bad-input` for bfloat16 on another backend
 */
export function compileStep(step: Step, options: CompileOptions): CompiledStep {
  const backend = currentTensorflow();
  if (backend === null) return runEagerly(step, options);
  const { name, constants = [], variables = null, precision = 'float32' } = options;
  if (variables !== null && !(variables instanceof ResourceVariables)) throw ofOtherBackend(name);
  return new TracedStep(backend, step, { name, constants, variables, precision });
}

/** The same interface without a graph: each op runs by itself, on any backend. Its variables are plain ones. */
export function runEagerly(step: Step, { name, variables, precision }: CompileOptions): CompiledStep {
  if (precision === 'bfloat16') {
    throw new WorkbenchError(
      'bad-input',
      'Precision bfloat16 needs the device CPU or NVIDIA GPU (CUDA), which compute by TensorFlow: choose one, or the precision float32.',
      { precision },
    );
  }
  const plain = variables ?? new PlainVariables(name);
  if (!(plain instanceof PlainVariables)) throw ofOtherBackend(name);
  return new EagerStep(step, name, plain);
}

function ofOtherBackend(name: string): WorkbenchError {
  return new WorkbenchError('internal', `The variables of step "${name}" were made for another backend.`);
}

class EagerStep implements CompiledStep {
  readonly graphs = 0;
  readonly #step: Step;
  readonly #check: InputCheck;
  readonly #variables: PlainVariables;

  constructor(step: Step, name: string, variables: PlainVariables) {
    this.#step = step;
    this.#check = new InputCheck(name);
    this.#variables = variables;
  }

  async run(inputs: tf.Tensor[]): Promise<tf.Tensor[]> {
    this.#check.check(inputs.map(describeInput));
    return tf.tidy(() =>
      this.#variables.run((state) => this.#step(inputs, state).map((output) => output.clone())),
    );
  }

  prepare(inputs: readonly InputShape[]): void {
    this.#check.check(
      inputs.map(({ shape, dtype }) => ({ shape, dtype: dtype === 'uint8' ? 'int32' : dtype })),
    );
  }

  dispose(): void {}
}
