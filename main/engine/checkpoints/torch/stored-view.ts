import { WorkbenchError } from '#contract/errors.ts';
import { toFloat32 } from '../float-values.ts';
import type { PickleTensor } from '../pickle/values.ts';
import { quote, shorten } from '../quote.ts';
import type { RandomAccessFile } from '../random-access-file.ts';
import { countElements, tensorDtypes } from '../tensor-dtypes.ts';
import type { SourceTensor } from '../tensor-source.ts';
import { findStorageDtype } from './storage-types.ts';

/** Where a storage's bytes lie in a file. */
export interface StorageRange {
  start: number;
  bytes: number;
}

const largestRank = 8;

/**
 * A tensor of a PyTorch file, which is a view of a storage: its place, shape and strides are checked against the bytes
 * that are really there, and values are read when they are asked for.
 * @throws WorkbenchError `corrupt-file`, naming the tensor and what is wrong
 */
export function viewStorage(
  file: RandomAccessFile,
  name: string,
  tensor: PickleTensor,
  range: StorageRange | undefined,
): SourceTensor {
  const { storage, offset, strides } = tensor;
  const shape = [...tensor.shape];
  const refuse = (reason: string) => {
    const message = `${file.path} is not a whole PyTorch file: tensor ${shorten(name)} ${reason}.`;
    return new WorkbenchError('corrupt-file', message, { path: file.path, tensor: name, reason });
  };
  const dtype = findStorageDtype(storage.type);
  if (dtype === null) throw refuse(`holds ${shorten(storage.type)}, which no weights are held in`);
  if (range === undefined) throw refuse(`needs storage ${quote(storage.key)}, which is not there`);
  const { bytes: width, allocate } = tensorDtypes[dtype];
  if (storage.elements * width !== range.bytes) {
    throw refuse(
      `says that its storage holds ${storage.elements} values, but ${range.bytes} bytes are there`,
    );
  }
  if (shape.length !== strides.length || shape.length > largestRank)
    throw refuse('has a shape that makes no sense');
  const count = countElements(shape);
  const last = shape.reduce((place, side, axis) => place + (side - 1) * strides[axis]!, offset);
  if (count > storage.elements || (count > 0 && last >= storage.elements)) {
    throw refuse(`of shape [${shape.join(', ')}] reaches beyond its storage of ${storage.elements} values`);
  }
  const span = count === 0 ? 0 : last - offset + 1;
  return {
    dtype,
    shape,
    read() {
      const held = allocate(span);
      file.readInto(new Uint8Array(held.buffer), range.start + offset * width);
      const values = toFloat32(name, { dtype, shape: [span], data: held });
      return isPacked(shape, strides) ? values : pack(values, shape, strides);
    },
  };
}

/** Row-major without gaps, as nearly all are. */
function isPacked(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

function pack(values: Float32Array, shape: readonly number[], strides: readonly number[]): Float32Array {
  const result = new Float32Array(countElements(shape));
  const place = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = values[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis]! += 1;
      from += strides[axis]!;
      if (place[axis]! < shape[axis]!) break;
      from -= shape[axis]! * strides[axis]!;
      place[axis] = 0;
    }
  }
  return result;
}
