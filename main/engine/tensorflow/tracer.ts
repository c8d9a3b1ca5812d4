import { WorkbenchError } from '#contract/errors.ts';
import type { Precision } from '#contract/methods/common-settings.ts';
import type { OpAttribute } from './attributes.ts';
import { setAttributes } from './attributes.ts';
import type { GraphOutput, Pointer } from './c-api.ts';
import { attributeKinds, dtypeNumbers } from './dtypes.ts';
import type { EagerContext, TensorMetadata } from './eager-context.ts';
import { type GraphFunction, makeFunction } from './graph-function.ts';
import { endsWithEmptyList, type ListArgument, listArguments } from './list-arguments.ts';
import { loweredAttributes } from './mixed-precision.ts';
import { checkStatus, withStatus } from './status.ts';
import { newTensor, toDims } from './tensor-data.ts';

/** Traced tensors have numbers from here on, so that they are never taken for eager ones. */
const firstTracedId = 2 ** 40;

/** Ops whose output is the memory of their first input. */
const views = new Set(['Reshape', 'Identity', 'ExpandDims', 'Squeeze']);

/** Ops that hand something of their own to their gradient; TensorFlow does not say its shape, and nothing else may use it. */
const opaqueOutputs: Record<string, number> = { FusedBatchNormV3: 5 };

/** Whether a tensor's number is that of a node in a graph. */
export function isTraced(id: number): boolean {
  return id >= firstTracedId;
}

/**
 * Builds a graph from the ops of a step as they are called. Nothing is computed: TensorFlow's shape functions say the
 * shapes and types of what an op gives. Values that the step itself writes become constants; an eager tensor must have
 * been declared by {@link declare}.
 */
export class GraphTracer {
  readonly name: string;
  readonly context: EagerContext;
  readonly #graph: Pointer;
  readonly #nodes = new Map<number, GraphOutput>();
  /** Who takes the output of a node, by output; of a view, who takes the view as well. */
  readonly #readers = new Map<string, { oper: Pointer; isView: boolean }[]>();
  readonly #written = new WeakSet<object>();
  readonly precision: Precision;
  /** By float32 tensor, the same in bfloat16: forward and backward pass share it. */
  readonly #lowered = new Map<number, number>();
  #nextId = firstTracedId;
  #nodeCount = 0;

  /** @param precision of products (mixed-precision.ts); what comes out of them is float32 again */
  constructor(context: EagerContext, name: string, precision: Precision = 'float32') {
    this.context = context;
    this.name = name;
    this.precision = precision;
    this.#graph = context.api.TF_NewGraph();
  }

  /** Nodes so far. */
  get nodeCount(): number {
    return this.#nodeCount;
  }

  /** Notes values that the step hands to TensorFlow.js while it is traced. */
  noteWritten(values: object): void {
    this.#written.add(values);
  }

  addConstant(shape: readonly number[], dtype: number, values: ArrayLike<number | boolean | bigint>): number {
    if (!this.#written.has(values)) throw this.#captured(shape);
    const { api } = this.context;
    const tensor = newTensor(api, shape, dtype, values);
    try {
      const oper = this.#add('Const', (description) => {
        api.TF_SetAttrType(description, 'dtype', dtype);
        withStatus(api, 'set a constant', (status) =>
          api.TF_SetAttrTensor(description, 'value', tensor, status),
        );
      });
      return this.#keep({ oper, index: 0 }).id;
    } finally {
      api.TF_DeleteTensor(tensor);
    }
  }

  addPlaceholder(shape: readonly number[], dtype: number): TensorMetadata {
    const { api } = this.context;
    const oper = this.#add('Placeholder', (description) => {
      api.TF_SetAttrType(description, 'dtype', dtype);
      api.TF_SetAttrShape(description, 'shape', toDims(shape), shape.length);
    });
    return this.#keep({ oper, index: 0 });
  }

  /** Lets an eager tensor stand for a new placeholder in what follows. @returns the placeholder */
  declare(id: number): TensorMetadata {
    const { shape, dtype } = this.context.describe(id);
    const placeholder = this.addPlaceholder(shape, dtype);
    this.#nodes.set(id, this.#find(placeholder.id));
    return placeholder;
  }

  /** One op, with its outputs as TensorFlow's shape functions describe them. */
  execute(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    controls: readonly Pointer[] = [],
  ): TensorMetadata[] {
    const lowered = loweredAttributes(this.precision, name, attributes);
    if (lowered !== null) {
      const given = inputs.map((id) => this.#lower(id));
      return this.#describe(this.addNode(name, lowered, given, controls)).map(({ id }) =>
        this.#cast(id, 'bfloat16', 'float32'),
      );
    }
    return this.#describe(this.addNode(name, attributes, inputs, controls), name);
  }

  /** The outputs of a node. */
  #describe(oper: Pointer, name = ''): TensorMetadata[] {
    const count = this.context.api.TF_OperationNumOutputs(oper);
    return Array.from({ length: count }, (_, index) =>
      opaqueOutputs[name] === index ? this.#keepOpaque({ oper, index }) : this.#keep({ oper, index }),
    );
  }

  /** A tensor in bfloat16 where it is float32; shapes and numbers stay as they are. */
  #lower(id: number): number {
    if (this.context.api.TF_OperationOutputType(this.#find(id)) !== dtypeNumbers.float32) return id;
    const known = this.#lowered.get(id);
    if (known !== undefined) return known;
    const { id: lowered } = this.#cast(id, 'float32', 'bfloat16');
    this.#lowered.set(id, lowered);
    return lowered;
  }

  #cast(id: number, from: Precision, to: Precision): TensorMetadata {
    const type = (name: string, precision: Precision): OpAttribute => ({
      name,
      type: attributeKinds.type,
      value: dtypeNumbers[precision],
    });
    const [cast] = this.#describe(this.addNode('Cast', [type('SrcT', from), type('DstT', to)], [id]));
    return cast!;
  }

  /**
   * One op as a node.
   * @param controls nodes that must have run before
   */
  addNode(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    controls: readonly Pointer[] = [],
  ): Pointer {
    const { api } = this.context;
    const sources = inputs.map((id) => this.#find(id));
    const list = this.#findList(name, attributes, inputs);
    const oper = this.#add(name, (description) => {
      for (const [index, source] of sources.entries()) {
        if (!list || index < list.start || index >= list.start + list.length) {
          api.TF_AddInput(description, source);
        } else if (index === list.start) {
          api.TF_AddInputList(description, sources.slice(index, index + list.length), list.length);
        }
      }
      if (endsWithEmptyList.has(name)) api.TF_AddInputList(description, [], 0);
      // The length of a list follows from its inputs.
      const given = attributes.filter((attribute) => attribute.name !== list?.attribute);
      setAttributes(api, 'TF_', description, given);
      for (const control of controls) api.TF_AddControlInput(description, control);
    });
    for (const [index, source] of sources.entries()) {
      const key = keyOf(source);
      const readers = this.#readers.get(key) ?? [];
      readers.push({ oper, isView: index === 0 && views.has(name) });
      this.#readers.set(key, readers);
    }
    return oper;
  }

  /** The node that gives a traced tensor. */
  nodeOf(id: number): Pointer {
    return this.#find(id).oper;
  }

  /** Every node so far that reads the memory of a traced tensor, its own included: whoever writes there waits for them. */
  readersOf(id: number): Pointer[] {
    const found = new Set<Pointer>();
    const visit = (output: GraphOutput) => {
      found.add(output.oper);
      for (const { oper, isView } of this.#readers.get(keyOf(output)) ?? []) {
        if (isView) visit({ oper, index: 0 });
        else found.add(oper);
      }
    };
    visit(this.#find(id));
    return [...found];
  }

  /**
   * Registers what was traced as one op, and ends this graph.
   * @param effects nodes that must run in each call, whether or not an output needs them
   */
  finish(inputs: readonly number[], outputs: readonly number[], effects: readonly Pointer[]): GraphFunction {
    // Each output gets a node of its own: one may be an input, or stand twice.
    const results = outputs.map((id) => ({ oper: this.addNode('Identity', [], [id]), index: 0 }));
    return makeFunction(this.context, this.#graph, {
      name: this.name,
      inputs: inputs.map((id) => this.#find(id)),
      outputs: results,
      effects,
    });
  }

  dispose(): void {
    this.context.api.TF_DeleteGraph(this.#graph);
  }

  #add(type: string, describe: (description: Pointer) => void): Pointer {
    const { api } = this.context;
    const description = api.TF_NewOperation(this.#graph, type, `node_${this.#nodeCount++}_${type}`);
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
      checkStatus(api, status, `add ${type} to the graph of step "${this.name}"`, { op: type });
      return node;
    } finally {
      api.TF_DeleteStatus(status);
    }
  }

  #keep(output: GraphOutput): TensorMetadata {
    const { api } = this.context;
    const dtype = api.TF_OperationOutputType(output);
    const shape = withStatus(api, 'infer a shape', (status) => {
      const rank = api.TF_GraphGetTensorNumDims(this.#graph, output, status);
      if (rank < 0) return null;
      const dims = new BigInt64Array(Math.max(1, rank));
      api.TF_GraphGetTensorShape(this.#graph, output, dims, rank, status);
      return Array.from(dims.subarray(0, rank), Number);
    });
    if (shape === null || shape.some((side) => side < 0)) {
      throw new WorkbenchError(
        'recording',
        `Step "${this.name}" computes a tensor whose shape depends on values (${shape === null ? 'of unknown rank' : `[${shape}]`}): a graph needs fixed shapes.`,
        { step: this.name, shape },
      );
    }
    return { id: this.#number(output), shape, dtype };
  }

  #keepOpaque(output: GraphOutput): TensorMetadata {
    return { id: this.#number(output), shape: [0], dtype: this.context.api.TF_OperationOutputType(output) };
  }

  #number(output: GraphOutput): number {
    const id = this.#nextId++;
    this.#nodes.set(id, output);
    return id;
  }

  #find(id: number): GraphOutput {
    const node = this.#nodes.get(id);
    if (node) return node;
    if (!isTraced(id)) throw this.#captured(this.context.describe(id).shape);
    throw new WorkbenchError(
      'recording',
      `Step "${this.name}" uses a tensor that was made while another step was traced: each step makes its own.`,
      { step: this.name },
    );
  }

  #findList(op: string, attributes: readonly OpAttribute[], inputs: readonly number[]): ListArgument | null {
    const list = listArguments[op]?.(inputs.length);
    if (list) return list;
    if (!attributes.some((attribute) => attribute.name === 'N')) return null;
    const message = `The op ${op} takes a list of tensors and is not known to the tracer: add it to listArguments.`;
    throw new WorkbenchError('recording', message, { op });
  }

  #captured(shape: readonly number[]): WorkbenchError {
    return new WorkbenchError(
      'recording',
      `Step "${this.name}" uses a tensor of shape [${shape}] that is neither an input nor a declared constant: ` +
        'pass it to the step as an input, or name it among its constants.',
      { step: this.name, shape: [...shape] },
    );
  }
}

function keyOf({ oper, index }: GraphOutput): string {
  return `${oper}:${index}`;
}
