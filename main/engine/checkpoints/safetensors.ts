import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import { openRegularFileSync } from '#main/data/open-regular-file.ts';

/** Element types that are read and written: bytes an element, and the typed array that holds them. */
export const tensorDtypes = {
  F64: { bytes: 8, allocate: (length: number) => new Float64Array(length) },
  I64: { bytes: 8, allocate: (length: number) => new BigInt64Array(length) },
  F32: { bytes: 4, allocate: (length: number) => new Float32Array(length) },
  I32: { bytes: 4, allocate: (length: number) => new Int32Array(length) },
  /** Half precision as its raw bits: toFloat32 in float-values.ts reads them. */
  F16: { bytes: 2, allocate: (length: number) => new Uint16Array(length) },
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

/** The name that holds a file's own notes; never a tensor. */
export const metadataName = '__metadata__';

const largestHeaderBytes = 100_000_000;
const largestPieceBytes = 1 << 30;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().min(0)),
  data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
});
type Entry = z.infer<typeof entrySchema>;

/**
 * Reads a safetensors file (github.com/huggingface/safetensors, README): 8 bytes of header length, a JSON header, then
 * the values, little-endian. Sizes, offsets, overlaps and gaps are checked before anything is read.
 * @throws WorkbenchError `not-found`, or `corrupt-file` with the file and what is wrong in it
 */
export function readSafetensors(path: string): Map<string, StoredTensor> {
  const { descriptor: file, bytes: size } = openRegularFileSync(path, 'tensor file');
  try {
    const { entries, dataStart } = readHeader(path, file, size);
    const tensors = new Map<string, StoredTensor>();
    for (const [name, entry] of entries) {
      const data = tensorDtypes[entry.dtype].allocate(countElements(entry.shape));
      readInto(path, file, bytesOf(data), dataStart + entry.start);
      tensors.set(name, { dtype: entry.dtype, shape: entry.shape, data });
    }
    return tensors;
  } finally {
    closeSync(file);
  }
}

/**
 * Writes a safetensors file: the same tensors give the same bytes, whatever their order in the map. Wider element
 * types come first, so that every value is aligned, and names are sorted by code point among them. The file is written
 * beside `path` and then takes its name, so a reader never sees half of it.
 * @returns SHA-256 (hex) of the file
 * @throws WorkbenchError `bad-input` where a tensor's shape and values disagree or a name is reserved
 */
export function writeSafetensors(path: string, tensors: ReadonlyMap<string, StoredTensor>): string {
  const ordered = [...tensors].toSorted(compareForWriting);
  const header = encodeHeader(ordered);
  const hash = createHash('sha256');
  const unfinished = `${path}.unfinished`;
  const file = openSync(unfinished, 'w');
  try {
    for (const piece of [header, ...ordered.map(([, tensor]) => bytesOf(tensor.data))]) {
      hash.update(piece);
      writeAll(file, piece);
    }
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

/** Number of values in a tensor of this shape; 1 for a scalar's empty shape. */
export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

interface CheckedEntry {
  dtype: TensorDtype;
  shape: number[];
  /** Bytes from the start of the values. */
  start: number;
  end: number;
}

function readHeader(
  path: string,
  file: number,
  size: number,
): { entries: [string, CheckedEntry][]; dataStart: number } {
  if (size < 8) throw corrupt(path, `it has ${size} bytes, fewer than the 8 of a header's length`);
  const lengthBytes = new Uint8Array(8);
  readInto(path, file, lengthBytes, 0);
  const headerBytes = Number(new DataView(lengthBytes.buffer).getBigUint64(0, true));
  if (headerBytes > largestHeaderBytes || 8 + headerBytes > size) {
    throw corrupt(path, `its header claims ${headerBytes} bytes in a file of ${size}`);
  }
  const headerText = new Uint8Array(headerBytes);
  readInto(path, file, headerText, 8);
  const entries = parseHeader(path, headerText);
  const dataStart = 8 + headerBytes;
  checkCoverage(path, entries, size - dataStart);
  return { entries, dataStart };
}

function parseHeader(path: string, bytes: Uint8Array): [string, CheckedEntry][] {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw corrupt(path, 'its header is not JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw corrupt(path, 'its header is not a JSON object');
  }
  return Object.entries(header)
    .filter(([name]) => name !== metadataName)
    .map(([name, value]) => {
      const parsed = entrySchema.safeParse(value);
      if (!parsed.success) throw corrupt(path, `its entry ${name} lacks dtype, shape or data_offsets`);
      return [name, checkEntry(path, name, parsed.data)];
    });
}

function checkEntry(path: string, name: string, entry: Entry): CheckedEntry {
  const { dtype, shape } = entry;
  if (!isTensorDtype(dtype))
    throw corrupt(path, `tensor ${name} has the element type ${dtype}, which is not known`);
  const [start, end] = entry.data_offsets;
  const expected = countElements(shape) * tensorDtypes[dtype].bytes;
  if (end - start !== expected) {
    throw corrupt(
      path,
      `tensor ${name} of shape [${shape.join(', ')}] needs ${expected} bytes, not ${end - start}`,
    );
  }
  return { dtype, shape, start, end };
}

/** The values must follow one another without overlap or gap, up to the end of the file. */
function checkCoverage(path: string, entries: [string, CheckedEntry][], dataBytes: number): void {
  const ordered = entries.toSorted(([, a], [, b]) => a.start - b.start || a.end - b.end);
  let position = 0;
  for (const [name, { start, end }] of ordered) {
    if (start < position) throw corrupt(path, `tensor ${name} overlaps another`);
    if (start > position)
      throw corrupt(path, `${start - position} bytes before tensor ${name} belong to none`);
    position = end;
  }
  if (position > dataBytes)
    throw corrupt(path, `it is cut off: ${dataBytes} of ${position} bytes of values are there`);
  if (position < dataBytes)
    throw corrupt(path, `${dataBytes - position} bytes at its end belong to no tensor`);
}

function isTensorDtype(name: string): name is TensorDtype {
  return Object.hasOwn(tensorDtypes, name);
}

/** Fills `target` from a place in the file, in pieces that one read can take. */
function readInto(path: string, file: number, target: Uint8Array, position: number): void {
  let done = 0;
  while (done < target.length) {
    const wanted = Math.min(largestPieceBytes, target.length - done);
    const count = readSync(file, target, done, wanted, position + done);
    if (count === 0) throw corrupt(path, 'it ended while it was read');
    done += count;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, Math.min(largestPieceBytes, bytes.length - done));
  }
}

function compareForWriting([a, x]: [string, StoredTensor], [b, y]: [string, StoredTensor]): number {
  const width = tensorDtypes[y.dtype].bytes - tensorDtypes[x.dtype].bytes;
  return width !== 0 ? width : a < b ? -1 : 1;
}

/** Length and JSON, filled up with spaces so that the values start at a multiple of 8. */
function encodeHeader(ordered: readonly [string, StoredTensor][]): Uint8Array {
  const entries: [string, Entry][] = [];
  let position = 0;
  for (const [name, { dtype, shape, data }] of ordered) {
    if (name === metadataName)
      throw new WorkbenchError('bad-input', `A tensor cannot be called ${name}.`, { name });
    const end = position + data.byteLength;
    if (data.byteLength !== countElements(shape) * tensorDtypes[dtype].bytes) {
      const message = `Tensor ${name} of type ${dtype} and shape [${shape.join(', ')}] has ${data.byteLength} bytes.`;
      throw new WorkbenchError('bad-input', message, { name, dtype, shape });
    }
    entries.push([name, { dtype, shape, data_offsets: [position, end] }]);
    position = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const header = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true);
  header.set(json, 8);
  return header;
}

function bytesOf(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function corrupt(path: string, reason: string): WorkbenchError {
  return new WorkbenchError('corrupt-file', `${path} is not a whole safetensors file: ${reason}.`, {
    path,
    reason,
  });
}
