/** TensorFlow's numbers for element types (TF_DataType). */
export const dtypeNumbers = {
  float32: 1,
  int32: 3,
  uint8: 4,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  resource: 20,
} as const;

/** Numbers of attribute kinds, as the kernels of tfjs-node name them (TF_AttrType). */
export const attributeKinds = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;

interface ElementType {
  name: string;
  bytes: number;
  make(length: number): Float32Array | Int32Array | Uint8Array | BigInt64Array;
}

const elementTypes: Record<number, ElementType> = {
  [dtypeNumbers.float32]: { name: 'float32', bytes: 4, make: (length) => new Float32Array(length) },
  [dtypeNumbers.int32]: { name: 'int32', bytes: 4, make: (length) => new Int32Array(length) },
  [dtypeNumbers.uint8]: { name: 'uint8', bytes: 1, make: (length) => new Uint8Array(length) },
  [dtypeNumbers.int64]: { name: 'int64', bytes: 8, make: (length) => new BigInt64Array(length) },
  [dtypeNumbers.bool]: { name: 'bool', bytes: 1, make: (length) => new Uint8Array(length) },
};

/** The element type of a TF_DataType that the engine moves between JavaScript and TensorFlow, or undefined. */
export function elementTypeOf(dtype: number): ElementType | undefined {
  return elementTypes[dtype];
}

export function dtypeName(dtype: number): string {
  return elementTypes[dtype]?.name ?? `dtype ${dtype}`;
}
