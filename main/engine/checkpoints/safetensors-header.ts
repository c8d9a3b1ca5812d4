import { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import { findRepeatedKey } from './json-keys.ts';
import { quote, shorten } from './quote.ts';
import type { RandomAccessFile } from './random-access-file.ts';
import { countElements, type TensorDtype, tensorDtypes } from './tensor-dtypes.ts';

/** The name that holds a file's own notes; never a tensor. */
export const metadataName = '__metadata__';

/** A full-size model's has 100 kB. */
const largestHeaderBytes = 16_000_000;
const largestRank = 8;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().min(0)),
  data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
});
/** A tensor as the header describes it. */
export type HeaderEntry = z.infer<typeof entrySchema>;

const notesSchema = z.record(z.string(), z.string());

export interface CheckedEntry {
  dtype: TensorDtype;
  shape: number[];
  /** Bytes from the start of the values. */
  start: number;
  end: number;
}

/** Reads and checks a header: see readSafetensors. */
export function readHeader(file: RandomAccessFile): {
  entries: [string, CheckedEntry][];
  notes: Record<string, string>;
  dataStart: number;
} {
  const { path, bytes: size } = file;
  if (size < 8) throw corrupt(path, `it has ${size} bytes, fewer than the 8 of a header's length`);
  const headerBytes = Number(Buffer.from(file.read(0, 8).buffer).readBigUInt64LE(0));
  if (headerBytes > largestHeaderBytes || 8 + headerBytes > size) {
    throw corrupt(path, `its header claims ${headerBytes} bytes in a file of ${size}`);
  }
  const header = parseHeader(path, file.read(8, headerBytes));
  const entries = Object.entries(header)
    .filter(([name]) => name !== metadataName)
    .map(([name, value]): [string, CheckedEntry] => {
      const parsed = entrySchema.safeParse(value);
      if (!parsed.success)
        throw corrupt(path, `its entry ${shorten(name)} lacks dtype, shape or data_offsets`);
      return [name, checkEntry(path, name, parsed.data)];
    });
  const dataStart = 8 + headerBytes;
  checkCoverage(path, entries, size - dataStart);
  const notes = notesSchema.safeParse(header[metadataName] ?? {});
  return { entries, notes: notes.success ? notes.data : {}, dataStart };
}

function parseHeader(path: string, bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch {
    throw corrupt(path, 'its header is not JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw corrupt(path, 'its header is not a JSON object');
  }
  const repeated = findRepeatedKey(text);
  if (repeated !== null) throw corrupt(path, `the name ${shorten(repeated)} stands in its header twice`);
  return header as Record<string, unknown>;
}

function checkEntry(path: string, name: string, entry: HeaderEntry): CheckedEntry {
  const { dtype, shape } = entry;
  if (!isTensorDtype(dtype))
    throw corrupt(path, `tensor ${shorten(name)} has the element type ${quote(dtype)}, which is not known`);
  if (shape.length > largestRank) throw corrupt(path, `tensor ${shorten(name)} has ${shape.length} axes`);
  const [start, end] = entry.data_offsets;
  const expected = countElements(shape) * tensorDtypes[dtype].bytes;
  if (end - start !== expected) {
    throw corrupt(
      path,
      `tensor ${shorten(name)} of shape [${shape.join(', ')}] needs ${expected} bytes, not ${end - start}`,
    );
  }
  return { dtype, shape, start, end };
}

/** The values must follow one another without overlap or gap, up to the end of the file. */
function checkCoverage(path: string, entries: [string, CheckedEntry][], dataBytes: number): void {
  const ordered = entries.toSorted(([, a], [, b]) => a.start - b.start || a.end - b.end);
  let position = 0;
  for (const [name, { start, end }] of ordered) {
    if (start < position) throw corrupt(path, `tensor ${shorten(name)} overlaps another`);
    if (start > position)
      throw corrupt(path, `${start - position} bytes before tensor ${shorten(name)} belong to none`);
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

function corrupt(path: string, reason: string): WorkbenchError {
  return new WorkbenchError('corrupt-file', `${path} is not a whole safetensors file: ${reason}.`, {
    path,
    reason,
  });
}
