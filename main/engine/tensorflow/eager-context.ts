import { WorkbenchError } from '#contract/errors.ts';
import { type OpAttribute, setAttributes } from './attributes.ts';
import type { Pointer, TensorflowApi } from './c-api.ts';
import { dtypeName } from './dtypes.ts';
import { checkStatus, withStatus } from './status.ts';
import { newTensor, readTensor, type TensorValues } from './tensor-data.ts';

export interface TensorMetadata {
  id: number;
  shape: number[];
  dtype: number;
}

export interface Device {
  name: string;
  /** CPU, GPU, ... */
  type: string;
}

/**
 * TensorFlow's eager runtime: tensors by number, ops by name. Every native handle is freed on every path;
 * `tensorCount` is the number of tensors alive.
 */
export class EagerContext {
  readonly api: TensorflowApi;
  readonly pointer: Pointer;
  readonly devices: readonly Device[];
  readonly #tensors = new Map<number, { handle: Pointer; shape: number[]; dtype: number }>();
  #nextId = 1;

  constructor(api: TensorflowApi) {
    this.api = api;
    const options = api.TFE_NewContextOptions();
    try {
      this.pointer = withStatus(api, 'start', (status) => api.TFE_NewContext(options, status));
    } finally {
      api.TFE_DeleteContextOptions(options);
    }
    this.devices = this.#listDevices();
  }

  get tensorCount(): number {
    return this.#tensors.size;
  }

  createTensor(
    shape: readonly number[],
    dtype: number,
    values: ArrayLike<number | boolean | bigint>,
  ): number {
    const { api } = this;
    const tensor = newTensor(api, shape, dtype, values);
    try {
      const handle = withStatus(api, 'take a tensor', (status) => api.TFE_NewTensorHandle(tensor, status));
      return this.#keep(handle, [...shape], dtype);
    } finally {
      api.TF_DeleteTensor(tensor);
    }
  }

  deleteTensor(id: number): void {
    const tensor = this.#tensors.get(id);
    if (!tensor) return;
    this.#tensors.delete(id);
    this.api.TFE_DeleteTensorHandle(tensor.handle);
  }

  describe(id: number): { shape: number[]; dtype: number } {
    const { shape, dtype } = this.#find(id);
    return { shape, dtype };
  }

  read(id: number): TensorValues {
    const { api } = this;
    const { handle, dtype } = this.#find(id);
    const tensor = withStatus(api, 'read a tensor', (status) => api.TFE_TensorHandleResolve(handle, status));
    try {
      return readTensor(api, tensor, dtype);
    } finally {
      api.TF_DeleteTensor(tensor);
    }
  }

  /** Runs one op, here and now. */
  execute(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[] {
    const { api } = this;
    const call = this.#prepare(name, attributes, inputs, outputs);
    try {
      api.TFE_Execute(call.op, call.handles, call.count, call.status);
      return this.#finish(call);
    } finally {
      this.#release(call);
    }
  }

  /** Runs one op on a thread of the pool, so that this one stays free; inputs must stay alive until it ends. */
  async executeAsync(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): Promise<TensorMetadata[]> {
    const { api } = this;
    const call = this.#prepare(name, attributes, inputs, outputs);
    try {
      await new Promise<void>((resolve, reject) => {
        api.TFE_Execute.async(call.op, call.handles, call.count, call.status, (error) =>
          error ? reject(error) : resolve(),
        );
      });
      return this.#finish(call);
    } finally {
      this.#release(call);
    }
  }

  #prepare(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): Call {
    const { api } = this;
    const status = api.TF_NewStatus();
    let op: Pointer | null = null;
    try {
      op = api.TFE_NewOp(this.pointer, name, status);
      checkStatus(api, status, `find the op ${name}`, { op: name });
      setAttributes(api, 'TFE_Op', op, attributes);
      for (const id of inputs) {
        api.TFE_OpAddInput(op, this.#find(id).handle, status);
        checkStatus(api, status, `give ${name} its inputs`, { op: name });
      }
      return { name, inputs, op, status, handles: new Array(outputs).fill(null), count: [outputs] };
    } catch (error) {
      if (op) api.TFE_DeleteOp(op);
      api.TF_DeleteStatus(status);
      throw error;
    }
  }

  #finish(call: Call): TensorMetadata[] {
    if (this.api.TF_GetCode(call.status) !== 0) {
      const shapes = call.inputs.map((id) => {
        const { shape, dtype } = this.#find(id);
        return `${dtypeName(dtype)}[${shape}]`;
      });
      checkStatus(this.api, call.status, `run ${call.name} on ${shapes.join(', ') || 'no inputs'}`, {
        op: call.name,
        inputs: shapes,
      });
    }
    return call.handles.slice(0, call.count[0]).map((handle) => {
      if (handle === null)
        throw new WorkbenchError('tensorflow', `${call.name} gave fewer outputs than asked for.`);
      return this.#describeHandle(handle);
    });
  }

  #release(call: Call): void {
    this.api.TFE_DeleteOp(call.op);
    this.api.TF_DeleteStatus(call.status);
  }

  #describeHandle(handle: Pointer): TensorMetadata {
    const { api } = this;
    const dtype = api.TFE_TensorHandleDataType(handle);
    const shape = withStatus(api, 'read a shape', (status) => {
      const rank = api.TFE_TensorHandleNumDims(handle, status);
      return Array.from({ length: Math.max(0, rank) }, (_, axis) =>
        Number(api.TFE_TensorHandleDim(handle, axis, status)),
      );
    });
    return { id: this.#keep(handle, shape, dtype), shape: [...shape], dtype };
  }

  #keep(handle: Pointer, shape: number[], dtype: number): number {
    const id = this.#nextId++;
    this.#tensors.set(id, { handle, shape, dtype });
    return id;
  }

  #find(id: number): { handle: Pointer; shape: number[]; dtype: number } {
    const tensor = this.#tensors.get(id);
    if (!tensor)
      throw new WorkbenchError('tensorflow', `Tensor ${id} was used after it was disposed.`, { id });
    return tensor;
  }

  #listDevices(): Device[] {
    const { api } = this;
    return withStatus(api, 'list devices', (status) => {
      const list = api.TFE_ContextListDevices(this.pointer, status);
      try {
        return Array.from({ length: api.TF_DeviceListCount(list) }, (_, index) => ({
          name: api.TF_DeviceListName(list, index, status),
          type: api.TF_DeviceListType(list, index, status),
        }));
      } finally {
        api.TF_DeleteDeviceList(list);
      }
    });
  }
}

interface Call {
  name: string;
  inputs: readonly number[];
  op: Pointer;
  status: Pointer;
  handles: (Pointer | null)[];
  count: [number];
}
