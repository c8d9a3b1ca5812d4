/** A value that {@link writePickle} can write: plain data, tensors, and tuples and dictionaries of these. */
export type WritablePickle =
  | null
  | boolean
  | number
  | string
  | { tuple: WritablePickle[] }
  | { list: WritablePickle[] }
  | { dict: [string | number, WritablePickle][] }
  /** A tensor, row-major, whose storage has this key and PyTorch kind. */
  | { tensor: { key: string; storage: string; shape: readonly number[] } }
  /** A float that is to stay one though it is whole. */
  | { float: number };

/**
 * A pickle of protocol 2 as torch.save writes it: tensors call torch._utils._rebuild_tensor_v2 on a storage outside the
 * pickle. Nothing is shared, so nothing is memorised.
 */
export function writePickle(value: WritablePickle): Uint8Array {
  const parts: Uint8Array[] = [bytes(0x80, 2)];
  put(parts, value);
  parts.push(text('.'));
  return Buffer.concat(parts);
}

function put(parts: Uint8Array[], value: WritablePickle): void {
  if (value === null) parts.push(text('N'));
  else if (typeof value === 'boolean') parts.push(bytes(value ? 0x88 : 0x89));
  else if (typeof value === 'number')
    parts.push(Number.isInteger(value) ? writeWhole(value) : writeFloat(value));
  else if (typeof value === 'string') parts.push(writeText(value));
  else if ('float' in value) parts.push(writeFloat(value.float));
  else if ('tuple' in value) putTuple(parts, value.tuple);
  else if ('list' in value) putMany(parts, ']', value.list, 'e');
  else if ('dict' in value) putMany(parts, '}', value.dict.flat(), 'u');
  else putTensor(parts, value.tensor);
}

function putMany(parts: Uint8Array[], empty: string, values: WritablePickle[], fill: string): void {
  parts.push(text(empty), text('('));
  for (const value of values) put(parts, value);
  parts.push(text(fill));
}

function putTuple(parts: Uint8Array[], values: WritablePickle[]): void {
  parts.push(text('('));
  for (const value of values) put(parts, value);
  parts.push(text('t'));
}

function putTensor(
  parts: Uint8Array[],
  { key, storage, shape }: { key: string; storage: string; shape: readonly number[] },
): void {
  const count = shape.reduce((product, side) => product * side, 1);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  parts.push(text('ctorch._utils\n_rebuild_tensor_v2\n'), text('('), text('('));
  parts.push(
    writeText('storage'),
    text(`ctorch\n${storage}\n`),
    writeText(key),
    writeText('cpu'),
    writeWhole(count),
    text('tQ'),
  );
  parts.push(writeWhole(0));
  putTuple(parts, [...shape]);
  putTuple(parts, strides);
  parts.push(bytes(0x89), text('ccollections\nOrderedDict\n)R'), text('tR'));
}

function writeWhole(value: number): Uint8Array {
  const whole = Buffer.alloc(5);
  whole[0] = 0x4a;
  if (value >= -(2 ** 31) && value < 2 ** 31) {
    whole.writeInt32LE(value, 1);
    return whole;
  }
  const long = Buffer.alloc(10);
  long[0] = 0x8a;
  long[1] = 8;
  long.writeBigInt64LE(BigInt(value), 2);
  return long;
}

function writeFloat(value: number): Uint8Array {
  const float = Buffer.alloc(9);
  float[0] = 0x47;
  float.writeDoubleBE(value, 1);
  return float;
}

function writeText(value: string): Uint8Array {
  const encoded = Buffer.from(value, 'utf8');
  const head = Buffer.alloc(5);
  head[0] = 0x58;
  head.writeUInt32LE(encoded.length, 1);
  return Buffer.concat([head, encoded]);
}

const text = (value: string) => Buffer.from(value, 'latin1');
const bytes = (...values: number[]) => Uint8Array.from(values);
