/** Element types that are read and written: bytes an element, and the typed array that holds them. */
export const tensorDtypes = {
  F64: { bytes: 8, allocate: (length: number) => new Float64Array(length) },
  I64: { bytes: 8, allocate: (length: number) => new BigInt64Array(length) },
  U64: { bytes: 8, allocate: (length: number) => new BigUint64Array(length) },
  F32: { bytes: 4, allocate: (length: number) => new Float32Array(length) },
  I32: { bytes: 4, allocate: (length: number) => new Int32Array(length) },
  U32: { bytes: 4, allocate: (length: number) => new Uint32Array(length) },
  /** Half precision as its raw bits: toFloat32 in float-values.ts reads them. */
  F16: { bytes: 2, allocate: (length: number) => new Uint16Array(length) },
  /** The upper half of a float32's bits, as its raw bits. */
  BF16: { bytes: 2, allocate: (length: number) => new Uint16Array(length) },
  U16: { bytes: 2, allocate: (length: number) => new Uint16Array(length) },
  I16: { bytes: 2, allocate: (length: number) => new Int16Array(length) },
  I8: { bytes: 1, allocate: (length: number) => new Int8Array(length) },
  U8: { bytes: 1, allocate: (length: number) => new Uint8Array(length) },
  /** 0 or 1 a byte. */
  BOOL: { bytes: 1, allocate: (length: number) => new Uint8Array(length) },
} as const;

export type TensorDtype = keyof typeof tensorDtypes;
export type TensorData = ReturnType<(typeof tensorDtypes)[TensorDtype]['allocate']>;

/** A tensor as it lies in a file: row-major values, as many as the shape's product. */
export interface StoredTensor {
  dtype: TensorDtype;
  shape: number[];
  data: TensorData;
}

/** A tensor to be written; `data` may be a function, so that one tensor at a time is in memory. */
export interface WritableTensor {
  dtype: TensorDtype;
  shape: number[];
  data: TensorData | (() => TensorData);
}

/** Number of values in a tensor of this shape; 1 for a scalar's empty shape. */
export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
