import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { WorkbenchError } from '#contract/errors.ts';
import { toFloat32 } from './float-values.ts';
import { openRandomAccess } from './random-access-file.ts';
import { type HeaderEntry, metadataName, readHeader } from './safetensors-header.ts';
import {
  countElements,
  type StoredTensor,
  type TensorData,
  tensorDtypes,
  type WritableTensor,
} from './tensor-dtypes.ts';
import type { SourceTensor } from './tensor-source.ts';

const largestPieceBytes = 1 << 30;

/**
 * Reads a safetensors file (github.com/huggingface/safetensors, README): 8 bytes of header length, a JSON header, then
 * the values, little-endian. Sizes, offsets, overlaps and gaps are checked before anything is read.
 * @throws WorkbenchError `not-found`, or `corrupt-file` with the file and what is wrong in it
 */
export function readSafetensors(path: string): Map<string, StoredTensor> {
  const file = openRandomAccess(path);
  try {
    const { entries, dataStart } = readHeader(file);
    const tensors = new Map<string, StoredTensor>();
    for (const [name, entry] of entries) {
      const data = tensorDtypes[entry.dtype].allocate(countElements(entry.shape));
      file.readInto(bytesOf(data), dataStart + entry.start);
      tensors.set(name, { dtype: entry.dtype, shape: entry.shape, data });
    }
    return tensors;
  } finally {
    file.close();
  }
}

/** A safetensors file whose values are read one tensor at a time, when they are asked for. The caller closes it. */
export function openSafetensors(path: string): {
  tensors: Map<string, SourceTensor>;
  notes: Record<string, string>;
  close(): void;
} {
  const file = openRandomAccess(path);
  try {
    const { entries, notes, dataStart } = readHeader(file);
    const tensors = new Map<string, SourceTensor>();
    for (const [name, { dtype, shape, start }] of entries) {
      const read = () => {
        const data = tensorDtypes[dtype].allocate(countElements(shape));
        file.readInto(bytesOf(data), dataStart + start);
        return toFloat32(name, { dtype, shape, data });
      };
      tensors.set(name, { dtype, shape, read });
    }
    return { tensors, notes, close: file.close };
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Writes a safetensors file: the same tensors give the same bytes, whatever their order in the map. Wider element
 * types come first, so that every value is aligned, and names are sorted by code point among them. The file is written
 * beside `path` and then takes its name, so a reader never sees half of it.
 * @param notes the file's metadata, if any
 * @returns SHA-256 (hex) of the file
 * @throws WorkbenchError `bad-input` where a tensor's shape and values disagree or a name is reserved
 */
export function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, WritableTensor>,
  notes: Record<string, string> = {},
): string {
  const ordered = [...tensors].toSorted(compareForWriting);
  const header = encodeHeader(ordered, notes);
  const hash = createHash('sha256');
  const unfinished = `${path}.unfinished`;
  const file = openSync(unfinished, 'w');
  try {
    const put = (piece: Uint8Array) => {
      hash.update(piece);
      writeAll(file, piece);
    };
    put(header);
    for (const [name, tensor] of ordered) put(checkedBytes(name, tensor));
    fsyncSync(file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, path);
  return hash.digest('hex');
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, Math.min(largestPieceBytes, bytes.length - done));
  }
}

function compareForWriting([a, x]: [string, WritableTensor], [b, y]: [string, WritableTensor]): number {
  const width = tensorDtypes[y.dtype].bytes - tensorDtypes[x.dtype].bytes;
  return width !== 0 ? width : a < b ? -1 : 1;
}

/** Length and JSON, filled up with spaces so that the values start at a multiple of 8. */
function encodeHeader(
  ordered: readonly [string, WritableTensor][],
  notes: Record<string, string>,
): Uint8Array {
  const entries: [string, HeaderEntry | Record<string, string>][] = [];
  if (Object.keys(notes).length > 0) entries.push([metadataName, notes]);
  let position = 0;
  for (const [name, tensor] of ordered) {
    if (name === metadataName)
      throw new WorkbenchError('bad-input', `A tensor cannot be called ${name}.`, { name });
    if (typeof tensor.data !== 'function') checkedBytes(name, tensor);
    const { dtype, shape } = tensor;
    const end = position + countElements(shape) * tensorDtypes[dtype].bytes;
    entries.push([name, { dtype, shape, data_offsets: [position, end] }]);
    position = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const header = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true);
  header.set(json, 8);
  return header;
}

function checkedBytes(name: string, { dtype, shape, data }: WritableTensor): Uint8Array {
  const bytes = bytesOf(typeof data === 'function' ? data() : data);
  if (bytes.length === countElements(shape) * tensorDtypes[dtype].bytes) return bytes;
  const message = `Tensor ${name} of type ${dtype} and shape [${shape.join(', ')}] has ${bytes.length} bytes.`;
  throw new WorkbenchError('bad-input', message, { name, dtype, shape });
}

function bytesOf(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
