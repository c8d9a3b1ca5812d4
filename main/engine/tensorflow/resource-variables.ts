import type * as tf from '@tensorflow/tfjs-core';
import { WorkbenchError } from '#contract/errors.ts';
import { checkShape, type Variables } from '../variables.ts';
import type { OpAttribute } from './attributes.ts';
import { attributeKinds, dtypeNumbers } from './dtypes.ts';
import type { TensorflowKernelBackend } from './kernel-backend.ts';
import { TracedState } from './traced-state.ts';
import type { GraphTracer } from './tracer.ts';

let scopes = 0;

/** Variables in TensorFlow's memory (VarHandleOp). A step's graph reaches them by name, reads and updates them in place. */
export class ResourceVariables implements Variables {
  readonly #backend: TensorflowKernelBackend;
  readonly #name: string;
  /** Names of resources are shared by the whole process. */
  readonly #scope: string;
  readonly #handles = new Map<string, number>();
  readonly shapes = new Map<string, number[]>();
  readonly #dtypes = new Map<string, number>();

  constructor(backend: TensorflowKernelBackend, name: string) {
    this.#backend = backend;
    this.#name = name;
    this.#scope = `${name.replace(/\W/g, '_')}_${++scopes}`;
  }

  create(name: string, value: tf.Tensor): void {
    if (this.#handles.has(name)) throw new WorkbenchError('internal', `${this.#name} has ${name} already.`);
    this.shapes.set(name, [...value.shape]);
    this.#dtypes.set(name, value.dtype === 'int32' ? dtypeNumbers.int32 : dtypeNumbers.float32);
    const [handle] = this.#context.execute('VarHandleOp', this.#describe(name), [], 1);
    this.#handles.set(name, handle!.id);
    this.#assign(name, value);
  }

  write(name: string, value: tf.Tensor): void {
    checkShape(name, this.#shapeOf(name), value);
    this.#assign(name, value);
  }

  read(name: string): tf.Tensor {
    this.#shapeOf(name);
    const inputs = [this.#handles.get(name)!];
    const [value] = this.#context.execute('ReadVariableOp', [this.#typeOf(name)], inputs, 1);
    return this.#backend.createOutputTensor(value!);
  }

  dispose(): void {
    const ignoring = { name: 'ignore_lookup_error', type: attributeKinds.bool, value: true };
    for (const handle of this.#handles.values()) {
      this.#context.execute('DestroyResourceOp', [ignoring], [handle], 0);
      this.#context.deleteTensor(handle);
    }
    this.#handles.clear();
    this.shapes.clear();
  }

  /** The variables as a step that is being traced sees them. */
  open(tracer: GraphTracer): TracedState {
    return new TracedState(this.#backend, tracer, {
      describe: (name) => this.#describe(name),
      check: (name, value) => checkShape(name, this.#shapeOf(name), value),
    });
  }

  get #context() {
    return this.#backend.binding.context;
  }

  #assign(name: string, value: tf.Tensor): void {
    const inputs = [this.#handles.get(name)!, ...this.#backend.getInputTensorIds([value])];
    this.#context.execute('AssignVariableOp', [this.#typeOf(name)], inputs, 0);
  }

  #typeOf(name: string): OpAttribute {
    return { name: 'dtype', type: attributeKinds.type, value: this.#dtypes.get(name) };
  }

  /** The handle's attributes, its element type first. */
  #describe(name: string): OpAttribute[] {
    return [
      this.#typeOf(name),
      { name: 'shape', type: attributeKinds.shape, value: this.#shapeOf(name) },
      { name: 'container', type: attributeKinds.string, value: '' },
      { name: 'shared_name', type: attributeKinds.string, value: `${this.#scope}/${name}` },
    ];
  }

  #shapeOf(name: string): number[] {
    const shape = this.shapes.get(name);
    if (shape) return shape;
    throw new WorkbenchError('internal', `${this.#name} has no variable ${name}.`, { name });
  }
}
