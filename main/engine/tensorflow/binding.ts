import { WorkbenchError } from '#contract/errors.ts';
import type { OpAttribute } from './attributes.ts';
import { attributeKinds, dtypeNumbers } from './dtypes.ts';
import type { EagerContext, TensorMetadata } from './eager-context.ts';
import { Recording } from './recording.ts';
import type { TensorValues } from './tensor-data.ts';

/** What the kernels of @tensorflow/tfjs-node-gpu call instead of their own native part; it can record what passes. */
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
  #recording: Recording | null = null;

  constructor(context: EagerContext) {
    this.context = context;
  }

  createTensor(shape: number[], dtype: number, values: ArrayLike<number | boolean | bigint>): number {
    const id = this.context.createTensor(shape, dtype, values);
    try {
      this.#recording?.addConstant(id, shape, dtype, values);
    } catch (error) {
      this.context.deleteTensor(id);
      throw error;
    }
    return id;
  }

  deleteTensor(id: number): void {
    this.context.deleteTensor(id);
  }

  tensorDataSync(id: number): TensorValues {
    return this.context.read(id);
  }

  executeOp(name: string, attributes: OpAttribute[], inputs: number[], outputs: number): TensorMetadata[] {
    const recording = this.#recording;
    recording?.checkInputs(inputs, (id) => this.context.describe(id));
    const results = this.context.execute(name, attributes, inputs, outputs);
    recording?.addOp({ name, attributes, inputs: [...inputs], outputs: results.map(({ id }) => id) });
    return results;
  }

  isUsingGpuDevice(): boolean {
    return this.context.devices.some(({ type }) => type === 'GPU');
  }

  getNumOfTensors(): number {
    return this.context.tensorCount;
  }

  /** Records what `step` executes; `inputs` are the tensors it may take from outside. */
  record<T>(name: string, inputs: readonly number[], step: () => T): { recording: Recording; result: T } {
    if (this.#recording) {
      throw new WorkbenchError(
        'recording',
        `Step "${name}" cannot be recorded inside step "${this.#recording.name}".`,
      );
    }
    const recording = new Recording(name, inputs);
    this.#recording = recording;
    try {
      return { recording, result: step() };
    } finally {
      this.#recording = null;
    }
  }

  noteWritten(values: object): void {
    this.#recording?.noteWritten(values);
  }

  /** Throws while a step is being recorded: a graph has no values to read. */
  checkReadable(): void {
    if (!this.#recording) return;
    throw new WorkbenchError(
      'recording',
      `Step "${this.#recording.name}" reads tensor values in JavaScript while it is recorded: ` +
        'compute with tensors only, and read the results after the step.',
      { step: this.#recording.name },
    );
  }
}
