import * as tf from '@tensorflow/tfjs-core';
import type { Precision } from '#contract/methods/common-settings.ts';
import { InputCheck, type InputShape } from '../input-check.ts';
import { PlainVariables } from '../plain-variables.ts';
import type { CompiledStep, Step } from '../step.ts';
import { dtypeName, dtypeNumbers } from './dtypes.ts';
import type { GraphFunction } from './graph-function.ts';
import type { TensorflowKernelBackend } from './kernel-backend.ts';
import type { ResourceVariables } from './resource-variables.ts';
import type { GraphTracer } from './tracer.ts';

export interface TracedStepOptions {
  name: string;
  constants: tf.Tensor[];
  variables: ResourceVariables | null;
  precision: Precision;
}

/** A step as one graph for each combination of input shapes, traced without computing anything. */
export class TracedStep implements CompiledStep {
  readonly #backend: TensorflowKernelBackend;
  readonly #step: Step;
  readonly #options: TracedStepOptions;
  readonly #check: InputCheck;
  readonly #functions = new Map<string, GraphFunction>();

  constructor(backend: TensorflowKernelBackend, step: Step, options: TracedStepOptions) {
    this.#backend = backend;
    this.#step = step;
    this.#options = options;
    this.#check = new InputCheck(options.name);
  }

  get graphs(): number {
    return this.#functions.size;
  }

  async run(inputs: tf.Tensor[]): Promise<tf.Tensor[]> {
    const ids = this.#backend.getInputTensorIds([...inputs, ...this.#options.constants]);
    const shapes = inputs.map(({ shape }, at) => ({
      shape,
      dtype: dtypeName(this.#backend.binding.context.describe(ids[at]!).dtype),
    }));
    const outputs = await this.#functionFor(shapes).run(ids);
    return outputs.map((metadata) => this.#backend.createOutputTensor(metadata));
  }

  prepare(inputs: readonly InputShape[]): void {
    this.#functionFor(inputs);
  }

  dispose(): void {
    for (const fn of this.#functions.values()) fn.dispose();
    this.#functions.clear();
  }

  #functionFor(inputs: readonly { shape: readonly number[]; dtype: string }[]): GraphFunction {
    this.#check.check(inputs);
    const key = inputs.map(({ shape }) => shape.join('x')).join();
    const known = this.#functions.get(key);
    if (known) return known;
    const { binding } = this.#backend;
    // Values that JavaScript still holds are handed over first: in a graph they would look like the step's own.
    const constants = this.#backend.getInputTensorIds(this.#options.constants);
    const { name, precision } = this.#options;
    const fn = binding.trace(name, (tracer) => this.#trace(tracer, inputs, constants), precision);
    this.#functions.set(key, fn);
    return fn;
  }

  #trace(
    tracer: GraphTracer,
    inputs: readonly { shape: readonly number[]; dtype: string }[],
    constants: readonly number[],
  ): GraphFunction {
    let fn: GraphFunction | null = null;
    tf.tidy(() => {
      const given = inputs.map(({ shape, dtype }) => tracer.addPlaceholder(shape, dtypeNumber(dtype)));
      const declared = constants.map((id) => tracer.declare(id));
      const tensors = given.map((metadata) => this.#backend.createOutputTensor(metadata));
      const { variables, name } = this.#options;
      const state = variables?.open(tracer) ?? null;
      const run = () =>
        state === null
          ? new PlainVariables(name).run((none) => this.#step(tensors, none))
          : this.#step(tensors, state);
      const outputs = this.#backend.getInputTensorIds(run());
      const effects = state?.finish() ?? [];
      const ids = [...given, ...declared].map(({ id }) => id);
      fn = tracer.finish(ids, outputs, effects);
    });
    return fn!;
  }
}

function dtypeNumber(name: string): number {
  return dtypeNumbers[name as keyof typeof dtypeNumbers];
}
