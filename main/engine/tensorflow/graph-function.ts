import { WorkbenchError } from '#contract/errors.ts';
import { setAttributes } from './attributes.ts';
import type { GraphOutput, Pointer, TensorflowApi } from './c-api.ts';
import type { EagerContext, TensorMetadata } from './eager-context.ts';
import type { RecordedConstant, RecordedOp, Recording } from './recording.ts';
import { checkStatus, withStatus } from './status.ts';
import { newTensor, toDims } from './tensor-data.ts';

/** How many of an op's inputs form its list argument, and where it starts; all other ops take single tensors. */
const listArguments: Record<string, (inputs: number) => { start: number; length: number }> = {
  AddN: (inputs) => ({ start: 0, length: inputs }),
  ConcatV2: (inputs) => ({ start: 0, length: inputs - 1 }),
  Einsum: (inputs) => ({ start: 0, length: inputs }),
  IdentityN: (inputs) => ({ start: 0, length: inputs }),
  Pack: (inputs) => ({ start: 0, length: inputs }),
};

/** A recorded step, registered with TensorFlow as one op. */
export class GraphFunction {
  readonly #context: EagerContext;
  readonly #name: string;
  readonly #outputs: number;
  /** Nodes of the graph, constants and inputs not counted. */
  readonly nodes: number;

  constructor(context: EagerContext, name: string, outputs: number, nodes: number) {
    this.#context = context;
    this.#name = name;
    this.#outputs = outputs;
    this.nodes = nodes;
  }

  /** @param inputs tensors in the order and of the shapes that were recorded */
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

let functionCount = 0;

/**
 * Rebuilds a recording as a TensorFlow graph, turns it into a function and registers that.
 * @param inputs numbers of the tensors that differ from call to call, all alive
 * @param outputs numbers of the tensors that a call gives
 */
export function buildGraphFunction(
  context: EagerContext,
  recording: Recording,
  inputs: readonly number[],
  outputs: readonly number[],
): GraphFunction {
  const { api } = context;
  const ops = recording.reachable(outputs);
  const name = `${recording.name.replace(/\W/g, '_')}_${++functionCount}`;
  const graph = api.TF_NewGraph();
  try {
    const builder = new GraphBuilder(api, graph, recording.constants);
    const placeholders = inputs.map((id) => builder.addPlaceholder(id, context.describe(id)));
    for (const op of ops) builder.addOp(op);
    // Each output gets a node of its own: one may be an input, or stand twice.
    const results = outputs.map((id) => builder.addIdentity(id));
    const fn = withStatus(api, `make a function of step "${recording.name}"`, (status) =>
      api.TF_GraphToFunction(
        graph,
        name,
        0,
        -1,
        null,
        placeholders.length,
        placeholders,
        results.length,
        results,
        null,
        null,
        recording.name,
        status,
      ),
    );
    try {
      withStatus(api, `register step "${recording.name}"`, (status) =>
        api.TFE_ContextAddFunction(context.pointer, fn, status),
      );
    } finally {
      api.TF_DeleteFunction(fn);
    }
  } finally {
    api.TF_DeleteGraph(graph);
  }
  return new GraphFunction(context, name, outputs.length, ops.length);
}

class GraphBuilder {
  readonly #api: TensorflowApi;
  readonly #graph: Pointer;
  readonly #constants: ReadonlyMap<number, RecordedConstant>;
  readonly #nodes = new Map<number, GraphOutput>();
  #nodeCount = 0;

  constructor(api: TensorflowApi, graph: Pointer, constants: ReadonlyMap<number, RecordedConstant>) {
    this.#api = api;
    this.#graph = graph;
    this.#constants = constants;
  }

  addPlaceholder(id: number, { shape, dtype }: { shape: number[]; dtype: number }): GraphOutput {
    const api = this.#api;
    const node = this.#add('Placeholder', (description) => {
      api.TF_SetAttrType(description, 'dtype', dtype);
      api.TF_SetAttrShape(description, 'shape', toDims(shape), shape.length);
    });
    const output = { oper: node, index: 0 };
    this.#nodes.set(id, output);
    return output;
  }

  addOp({ name, attributes, inputs, outputs }: RecordedOp): void {
    const api = this.#api;
    const sources = inputs.map((id) => this.#source(id));
    const list = listArguments[name]?.(inputs.length);
    const isList = attributes.some((attribute) => attribute.name === 'N');
    if (isList && !list) {
      const message = `The op ${name} takes a list of tensors and is not known to the graph builder: add it to listArguments.`;
      throw new WorkbenchError('recording', message, { op: name });
    }
    const node = this.#add(name, (description) => {
      sources.forEach((source, index) => {
        if (!list || index < list.start || index >= list.start + list.length)
          api.TF_AddInput(description, source);
        else if (index === list.start) {
          api.TF_AddInputList(description, sources.slice(index, index + list.length), list.length);
        }
      });
      // The length of a list follows from its inputs.
      const given = attributes.filter((attribute) => !(list && attribute.name === 'N'));
      setAttributes(api, 'TF_', description, given);
    });
    for (const [index, id] of outputs.entries()) this.#nodes.set(id, { oper: node, index });
  }

  addIdentity(id: number): GraphOutput {
    const source = this.#source(id);
    return {
      oper: this.#add('Identity', (description) => this.#api.TF_AddInput(description, source)),
      index: 0,
    };
  }

  #source(id: number): GraphOutput {
    const node = this.#nodes.get(id);
    if (node) return node;
    const constant = this.#constants.get(id);
    if (!constant)
      throw new WorkbenchError('internal', `Tensor ${id} of the recorded step has no source.`, { id });
    return this.#addConstant(id, constant);
  }

  #addConstant(id: number, { shape, dtype, values }: RecordedConstant): GraphOutput {
    const api = this.#api;
    const tensor = newTensor(api, shape, dtype, values);
    try {
      const node = this.#add('Const', (description) => {
        api.TF_SetAttrType(description, 'dtype', dtype);
        withStatus(api, 'set a constant', (status) =>
          api.TF_SetAttrTensor(description, 'value', tensor, status),
        );
      });
      const output = { oper: node, index: 0 };
      this.#nodes.set(id, output);
      return output;
    } finally {
      api.TF_DeleteTensor(tensor);
    }
  }

  #add(type: string, describe: (description: Pointer) => void): Pointer {
    const api = this.#api;
    const description = api.TF_NewOperation(this.#graph, type, `${type}_${this.#nodeCount++}`);
    let failure: unknown;
    try {
      describe(description);
    } catch (error) {
      failure = error;
    }
    // Finishing frees the description, also after a failure.
    const status = api.TF_NewStatus();
    try {
      const node = api.TF_FinishOperation(description, status);
      if (failure) throw failure;
      checkStatus(api, status, `add ${type} to a graph`, { op: type });
      return node;
    } finally {
      api.TF_DeleteStatus(status);
    }
  }
}
