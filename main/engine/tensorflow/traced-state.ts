import type * as tf from '@tensorflow/tfjs-core';
import type { FusedUpdates, StepState } from '../variables.ts';
import type { OpAttribute } from './attributes.ts';
import type { Pointer } from './c-api.ts';
import { attributeKinds, dtypeNumbers } from './dtypes.ts';
import type { TensorflowKernelBackend } from './kernel-backend.ts';
import type { GraphTracer } from './tracer.ts';

const floats: OpAttribute = { name: 'T', type: attributeKinds.type, value: dtypeNumbers.float32 };

interface Traced {
  handle: number;
  /** The attribute `dtype` of its ops. */
  type: OpAttribute;
  /** Its value at the beginning of the step, read once; null where nobody asked yet. */
  value: { tensor: tf.Tensor; id: number } | null;
  /** The last node that changed it. */
  changed: Pointer | null;
}

/** The variables behind the graph's. */
interface Source {
  describe(name: string): OpAttribute[];
  check(name: string, value: tf.Tensor): void;
}

/**
 * Variables in a graph. What changes them comes last: {@link finish} adds it once the step is traced, so that it
 * waits for everyone who reads the old value. Otherwise a forward pass could meet new weights.
 */
export class TracedState implements StepState {
  readonly #backend: TensorflowKernelBackend;
  readonly #tracer: GraphTracer;
  readonly #source: Source;
  readonly #traced = new Map<string, Traced>();
  readonly #effects: (() => void)[] = [];

  constructor(backend: TensorflowKernelBackend, tracer: GraphTracer, source: Source) {
    this.#backend = backend;
    this.#tracer = tracer;
    this.#source = source;
  }

  read(name: string): tf.Tensor {
    const variable = this.#find(name);
    variable.value ??= this.#readNow(variable, []);
    return variable.value.tensor;
  }

  assign(name: string, value: tf.Tensor): void {
    this.#source.check(name, value);
    const [id] = this.#backend.getInputTensorIds([value]);
    this.#effects.push(() => this.#set(name, id!));
  }

  update(name: string, change: (value: tf.Tensor) => tf.Tensor): void {
    this.#effects.push(() => {
      const variable = this.#find(name);
      const { changed } = variable;
      const value = change(changed === null ? this.read(name) : this.#readNow(variable, [changed]).tensor);
      this.#source.check(name, value);
      const [id] = this.#backend.getInputTensorIds([value]);
      this.#set(name, id!);
    });
  }

  readonly fused: FusedUpdates = {
    add: (name, change) => {
      const [id] = this.#backend.getInputTensorIds([change]);
      this.#effects.push(() => this.#change([name], 'AssignAddVariableOp', [this.#find(name).type], [id!]));
    },
    shrink: (name, share) => {
      const [shareId] = this.#backend.getInputTensorIds([share]);
      this.#effects.push(() => {
        const variable = this.#find(name);
        const now = this.#readNow(variable, this.#before([name]));
        const [part] = this.#tracer.execute('Mul', [floats], [now.id, shareId!]);
        // In place: a product that becomes the variable would be faster by little and took 0.2 GB more for ViT-B/32.
        this.#change([name], 'AssignSubVariableOp', [variable.type], [part!.id]);
      });
    },
    adam: (name, { first, second }, gradient, { stepSize, epsilon, beta1, beta2 }) => {
      const [gradientId, stepId, epsilonId] = this.#backend.getInputTensorIds([gradient, stepSize, epsilon]);
      this.#effects.push(() => {
        const scalar = (value: number) => this.#scalar(value);
        // The corrections of the moments are in the step size, which JavaScript works out in double precision.
        const inputs = [scalar(0), scalar(0), stepId!, scalar(beta1), scalar(beta2), epsilonId!, gradientId!];
        this.#change([name, first, second], 'ResourceApplyAdam', [floats], inputs);
      });
    },
  };

  /** Adds what changes the variables. @returns the nodes that must run in each call */
  finish(): Pointer[] {
    for (const effect of this.#effects) effect();
    const last = [...this.#traced.values()].flatMap(({ changed }) => (changed === null ? [] : [changed]));
    return [...new Set(last)];
  }

  #set(name: string, id: number): void {
    this.#change([name], 'AssignVariableOp', [this.#find(name).type], [id]);
  }

  /** One op that changes variables, after all that read them and all that changed them before. */
  #change(names: string[], op: string, attributes: OpAttribute[], inputs: number[]): void {
    const variables = names.map((name) => this.#find(name));
    const handles = variables.map(({ handle }) => handle);
    const node = this.#tracer.addNode(op, attributes, [...handles, ...inputs], this.#before(names));
    for (const variable of variables) variable.changed = node;
  }

  #before(names: string[]): Pointer[] {
    const nodes = names.flatMap((name) => {
      const { changed, value } = this.#find(name);
      if (changed !== null) return [changed];
      return value === null ? [] : this.#tracer.readersOf(value.id);
    });
    return [...new Set(nodes)];
  }

  #readNow({ handle, type }: Traced, controls: Pointer[]): { tensor: tf.Tensor; id: number } {
    const [metadata] = this.#tracer.execute('ReadVariableOp', [type], [handle], controls);
    return { tensor: this.#backend.createOutputTensor(metadata!), id: metadata!.id };
  }

  #scalar(value: number): number {
    const values = new Float32Array([value]);
    this.#tracer.noteWritten(values);
    return this.#tracer.addConstant([], dtypeNumbers.float32, values);
  }

  #find(name: string): Traced {
    const known = this.#traced.get(name);
    if (known) return known;
    const attributes = this.#source.describe(name);
    const [handle] = this.#tracer.execute('VarHandleOp', attributes, []);
    const variable = { handle: handle!.id, type: attributes[0]!, value: null, changed: null };
    this.#traced.set(name, variable);
    return variable;
  }
}
