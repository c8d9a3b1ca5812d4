import { WorkbenchError } from '#contract/errors.ts';
import type { Pointer, TensorflowApi } from './c-api.ts';
import { dtypeName, elementTypeOf } from './dtypes.ts';

export type TensorValues = Float32Array | Int32Array | Uint8Array | BigInt64Array;

/** Dimensions as the C API takes them; never empty, since koffi has no pointer for an empty array. */
export function toDims(shape: readonly number[]): BigInt64Array {
  return shape.length === 0 ? new BigInt64Array(1) : BigInt64Array.from(shape.map(BigInt));
}

/**
 * Copies values into a new TF_Tensor, which the caller frees.
 * @param values as many numbers (or booleans) as `shape` holds; converted to the element type where they differ
 */
export function newTensor(
  api: TensorflowApi,
  shape: readonly number[],
  dtype: number,
  values: ArrayLike<number | boolean | bigint>,
): Pointer {
  const type = elementTypeOf(dtype);
  if (!type) {
    throw new WorkbenchError('tensorflow', `Tensors of ${dtypeName(dtype)} cannot be made from JavaScript.`, {
      dtype,
    });
  }
  const length = shape.reduce((product, side) => product * side, 1);
  if (values.length !== length) {
    const message = `A tensor of shape [${shape}] needs ${length} values, not ${values.length}.`;
    throw new WorkbenchError('tensorflow', message, { shape: [...shape], values: values.length });
  }
  const tensor = api.TF_AllocateTensor(dtype, toDims(shape), shape.length, length * type.bytes);
  if (length > 0) {
    api.memcpy(api.TF_TensorData(tensor), toElements(values, type.make(0)), length * type.bytes);
  }
  return tensor;
}

function toElements(values: ArrayLike<number | boolean | bigint>, like: TensorValues): ArrayBufferView {
  if (ArrayBuffer.isView(values) && values.constructor === like.constructor) return values;
  if (like instanceof BigInt64Array) return BigInt64Array.from(Array.from(values, (value) => BigInt(value)));
  const numbers = Array.from(values, Number);
  if (like instanceof Float32Array) return Float32Array.from(numbers);
  return like instanceof Int32Array ? Int32Array.from(numbers) : Uint8Array.from(numbers);
}

/** Copies a TF_Tensor's values out; the tensor stays the caller's. */
export function readTensor(api: TensorflowApi, tensor: Pointer, dtype: number): TensorValues {
  const type = elementTypeOf(dtype);
  if (!type) {
    throw new WorkbenchError('tensorflow', `Tensors of ${dtypeName(dtype)} cannot be read in JavaScript.`, {
      dtype,
    });
  }
  const bytes = Number(api.TF_TensorByteSize(tensor));
  const values = type.make(bytes / type.bytes);
  if (bytes > 0) api.memcpy(values, api.TF_TensorData(tensor), bytes);
  return values;
}
