import { WorkbenchError } from '#contract/errors.ts';
import type { Precision } from '#contract/methods/common-settings.ts';
import type { OpAttribute } from './attributes.ts';
import { attributeKinds, dtypeNumbers } from './dtypes.ts';
import type { EagerContext, TensorMetadata } from './eager-context.ts';
import type { TensorValues } from './tensor-data.ts';
import { GraphTracer, isTraced } from './tracer.ts';

/** What the kernels of @tensorflow/tfjs-node-gpu call instead of their own native part; while a step is traced, ops become nodes of a graph. */
export class TensorflowBinding {
  readonly TF_FLOAT = dtypeNumbers.float32;
  readonly TF_INT32 = dtypeNumbers.int32;
  readonly TF_INT64 = dtypeNumbers.int64;
  readonly TF_BOOL = dtypeNumbers.bool;
  readonly TF_COMPLEX64 = dtypeNumbers.complex64;
  readonly TF_STRING = dtypeNumbers.string;
  readonly TF_RESOURCE = dtypeNumbers.resource;
  readonly TF_UINT8 = dtypeNumbers.uint8;
  readonly TF_ATTR_STRING = attributeKinds.string;
  readonly TF_ATTR_INT = attributeKinds.int;
  readonly TF_ATTR_FLOAT = attributeKinds.float;
  readonly TF_ATTR_BOOL = attributeKinds.bool;
  readonly TF_ATTR_TYPE = attributeKinds.type;
  readonly TF_ATTR_SHAPE = attributeKinds.shape;

  readonly context: EagerContext;
  #tracer: GraphTracer | null = null;

  constructor(context: EagerContext) {
    this.context = context;
  }

  createTensor(shape: number[], dtype: number, values: ArrayLike<number | boolean | bigint>): number {
    return this.#tracer
      ? this.#tracer.addConstant(shape, dtype, values)
      : this.context.createTensor(shape, dtype, values);
  }

  deleteTensor(id: number): void {
    // A node lives as long as its graph.
    if (!isTraced(id)) this.context.deleteTensor(id);
  }

  tensorDataSync(id: number): TensorValues {
    return this.context.read(id);
  }

  executeOp(name: string, attributes: OpAttribute[], inputs: number[], outputs: number): TensorMetadata[] {
    return this.#tracer
      ? this.#tracer.execute(name, attributes, inputs)
      : this.context.execute(name, attributes, inputs, outputs);
  }

  isUsingGpuDevice(): boolean {
    return this.context.devices.some(({ type }) => type === 'GPU');
  }

  getNumOfTensors(): number {
    return this.context.tensorCount;
  }

  /** The graph under construction; null where ops run at once. */
  get tracer(): GraphTracer | null {
    return this.#tracer;
  }

  /** Builds a graph from what `step` executes; what it gives is the caller's. */
  trace<T>(name: string, step: (tracer: GraphTracer) => T, precision: Precision = 'float32'): T {
    if (this.#tracer) {
      throw new WorkbenchError(
        'recording',
        `Step "${name}" cannot be traced inside step "${this.#tracer.name}".`,
      );
    }
    const tracer = new GraphTracer(this.context, name, precision);
    this.#tracer = tracer;
    try {
      return step(tracer);
    } finally {
      this.#tracer = null;
      tracer.dispose();
    }
  }

  noteWritten(values: object): void {
    this.#tracer?.noteWritten(values);
  }

  /** Throws while a step is traced: a graph has no values to read. */
  checkReadable(): void {
    if (!this.#tracer) return;
    throw new WorkbenchError(
      'recording',
      `Step "${this.#tracer.name}" reads tensor values in JavaScript while it is traced: ` +
        'compute with tensors only, and read the results after the step.',
      { step: this.#tracer.name },
    );
  }
}
