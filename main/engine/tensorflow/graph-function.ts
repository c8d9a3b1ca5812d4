import type { GraphOutput, Pointer } from './c-api.ts';
import type { EagerContext, TensorMetadata } from './eager-context.ts';
import { withStatus } from './status.ts';

/** A traced step, registered with TensorFlow as one op. */
export class GraphFunction {
  readonly #context: EagerContext;
  readonly #name: string;
  readonly #outputs: number;

  constructor(context: EagerContext, name: string, outputs: number) {
    this.#context = context;
    this.#name = name;
    this.#outputs = outputs;
  }

  /** @param inputs tensors in the order and of the shapes that were traced */
  run(inputs: readonly number[]): Promise<TensorMetadata[]> {
    return this.#context.executeAsync(this.#name, [], inputs, this.#outputs);
  }

  dispose(): void {
    const { api, pointer } = this.#context;
    withStatus(api, `forget ${this.#name}`, (status) =>
      api.TFE_ContextRemoveFunction(pointer, this.#name, status),
    );
  }
}

export interface FunctionParts {
  name: string;
  inputs: GraphOutput[];
  outputs: GraphOutput[];
  /** Nodes that run in each call, whether or not an output needs them. */
  effects: readonly Pointer[];
}

let functionCount = 0;

/** Turns a graph into a function and registers that; the graph stays the caller's. */
export function makeFunction(
  context: EagerContext,
  graph: Pointer,
  { name: step, inputs, outputs, effects }: FunctionParts,
): GraphFunction {
  const { api } = context;
  const name = `${step.replace(/\W/g, '_')}_${++functionCount}`;
  const fn = withStatus(api, `make a function of step "${step}"`, (status) =>
    api.TF_GraphToFunctionWithControlOutputs(
      graph,
      name,
      0,
      -1,
      null,
      inputs.length,
      inputs,
      outputs.length,
      outputs,
      null,
      effects.length,
      [...effects],
      null,
      null,
      step,
      status,
    ),
  );
  try {
    withStatus(api, `register step "${step}"`, (status) =>
      api.TFE_ContextAddFunction(context.pointer, fn, status),
    );
  } finally {
    api.TF_DeleteFunction(fn);
  }
  return new GraphFunction(context, name, outputs.length);
}
