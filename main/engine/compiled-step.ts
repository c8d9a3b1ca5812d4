import * as tf from '@tensorflow/tfjs-core';
import { WorkbenchError } from '#contract/errors.ts';
import { buildGraphFunction, type GraphFunction } from './tensorflow/graph-function.ts';
import { currentTensorflow, type TensorflowKernelBackend } from './tensorflow/kernel-backend.ts';

/** A pure function of tensors: no values read, nothing captured but declared constants. */
export type Step = (inputs: tf.Tensor[]) => tf.Tensor[];

export interface CompiledStep {
  /** Runs the step; its outputs are the caller's to dispose, inputs stay the caller's. */
  run(inputs: tf.Tensor[]): Promise<tf.Tensor[]>;
  /** Graphs recorded so far: one for each combination of input shapes. */
  readonly graphs: number;
  dispose(): void;
}

export interface CompileOptions {
  /** Appears in error messages and in TensorFlow's own. */
  name: string;
  /** Tensors from outside that the step uses; they must outlive it. */
  constants?: tf.Tensor[];
}

/**
 * Makes a step fast. On backend `tensorflow` it is recorded as a graph at the first call with each combination of
 * input shapes and replayed as one op from then on; other backends run it eagerly. The number, ranks and element
 * types of inputs are those of the first call.
 */
export function compileStep(step: Step, options: CompileOptions): CompiledStep {
  const backend = currentTensorflow();
  return backend ? new RecordedStep(backend, step, options) : runEagerly(step, options);
}

/** The same interface without a graph: each op runs by itself, on any backend. */
export function runEagerly(step: Step, options: CompileOptions): CompiledStep {
  return new EagerStep(step, options);
}

/** Refuses inputs that differ from the first call's in number, rank or element type. */
class InputCheck {
  readonly #name: string;
  #expected: { rank: number; dtype: string }[] | null = null;

  constructor(name: string) {
    this.#name = name;
  }

  check(inputs: readonly tf.Tensor[]): void {
    const found = inputs.map(({ rank, dtype }) => ({ rank, dtype }));
    this.#expected ??= found;
    const expected = this.#expected;
    const fault =
      expected.length === found.length
        ? expected.findIndex(({ rank, dtype }, at) => rank !== found[at]?.rank || dtype !== found[at]?.dtype)
        : expected.length;
    if (fault === -1) return;
    const describe = (input: { rank: number; dtype: string } | undefined) =>
      input ? `${input.dtype} of rank ${input.rank}` : 'none';
    throw new WorkbenchError(
      'bad-input',
      expected.length === found.length
        ? `Step "${this.#name}" takes ${describe(expected[fault])} as input ${fault}, not ${describe(found[fault])}.`
        : `Step "${this.#name}" takes ${expected.length} inputs, not ${found.length}.`,
      { step: this.#name, input: fault },
    );
  }
}

class EagerStep implements CompiledStep {
  readonly graphs = 0;
  readonly #step: Step;
  readonly #check: InputCheck;

  constructor(step: Step, { name }: CompileOptions) {
    this.#step = step;
    this.#check = new InputCheck(name);
  }

  async run(inputs: tf.Tensor[]): Promise<tf.Tensor[]> {
    this.#check.check(inputs);
    return tf.tidy(() => this.#step(inputs).map((output) => output.clone()));
  }

  dispose(): void {}
}

class RecordedStep implements CompiledStep {
  readonly #backend: TensorflowKernelBackend;
  readonly #step: Step;
  readonly #name: string;
  readonly #constants: tf.Tensor[];
  readonly #check: InputCheck;
  readonly #functions = new Map<string, GraphFunction>();

  constructor(backend: TensorflowKernelBackend, step: Step, { name, constants = [] }: CompileOptions) {
    this.#backend = backend;
    this.#step = step;
    this.#name = name;
    this.#constants = constants;
    this.#check = new InputCheck(name);
  }

  get graphs(): number {
    return this.#functions.size;
  }

  async run(inputs: tf.Tensor[]): Promise<tf.Tensor[]> {
    this.#check.check(inputs);
    const shapes = inputs.map(({ shape }) => shape.join('x')).join();
    let fn = this.#functions.get(shapes);
    if (!fn) {
      fn = this.#record(inputs);
      this.#functions.set(shapes, fn);
    }
    const ids = this.#backend.getInputTensorIds([...inputs, ...this.#constants]);
    const outputs = await fn.run(ids);
    return outputs.map((metadata) => this.#backend.createOutputTensor(metadata));
  }

  dispose(): void {
    for (const fn of this.#functions.values()) fn.dispose();
    this.#functions.clear();
  }

  #record(inputs: tf.Tensor[]): GraphFunction {
    const { binding } = this.#backend;
    const ids = this.#backend.getInputTensorIds([...inputs, ...this.#constants]);
    const { recording, result } = binding.record(this.#name, ids, () => {
      const outputs = tf.tidy(() => this.#step(inputs).map((output) => output.clone()));
      return { outputs, outputIds: this.#backend.getInputTensorIds(outputs) };
    });
    try {
      return buildGraphFunction(binding.context, recording, ids, result.outputIds);
    } finally {
      tf.dispose(result.outputs);
    }
  }
}
