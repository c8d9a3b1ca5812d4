import { closeSync, readSync } from 'node:fs';
import type { EngineRecord } from '#contract/engine.ts';
import { openRegularFileSync } from '../files/open-regular-file.ts';
import { parseRecord } from './records-file.ts';

const blockBytes = 256 * 1024;
const lineEnd = 0x0a;

/** The records of a file as a list of which one record at a time is in memory. */
export interface RecordList {
  records: readonly EngineRecord[];
  /** Ends the list: nothing can be read from it any more. */
  close(): void;
}

/**
 * Opens a file of JSON lines as a list: each line is checked once, and kept are the places where lines begin, 8 bytes a
 * record. A record is read when it is asked for; neighbours come from the same block of the file.
 * @throws WorkbenchError `not-found`; `corrupt-file` for a line that is no record, with its number
 */
export function openRecordList(path: string): RecordList {
  const { descriptor, bytes } = openRegularFileSync(path, 'records file');
  try {
    const starts = findLines(descriptor, bytes);
    const readLine = createLineReader(descriptor, bytes);
    const textOf = (index: number) => readLine(starts[index]!, starts[index + 1]!);
    const length = starts.length - 1;
    for (let index = 0; index < length; index++) parseRecord(path, index + 1, textOf(index));
    const at = (index: number): EngineRecord => JSON.parse(textOf(index));
    return { records: listOf(length, at), close: () => closeSync(descriptor) };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** Where each line begins, and the end of the last. Lines end with LF alone: captions may hold other line ends. */
function findLines(descriptor: number, bytes: number): Float64Array {
  const block = new Uint8Array(blockBytes);
  let starts = new Float64Array(1024);
  let count = 1;
  const add = (position: number) => {
    if (count === starts.length) {
      const longer = new Float64Array(2 * count);
      longer.set(starts);
      starts = longer;
    }
    starts[count++] = position;
  };
  for (let from = 0; from < bytes; ) {
    const read = readSync(descriptor, block, 0, blockBytes, from);
    if (read === 0) break;
    for (let at = block.indexOf(lineEnd); at >= 0 && at < read; at = block.indexOf(lineEnd, at + 1))
      add(from + at + 1);
    from += read;
  }
  if (starts[count - 1]! < bytes) add(bytes);
  return starts.slice(0, count);
}

/** Lines that are read one after another come from blocks; of those read in any order each is read alone. */
function createLineReader(descriptor: number, bytes: number): (start: number, end: number) => string {
  let block = Buffer.alloc(0);
  let blockStart = 0;
  let lastEnd = 0;
  const read = (start: number, length: number) => {
    const buffer = Buffer.alloc(length);
    readSync(descriptor, buffer, 0, length, start);
    return buffer;
  };
  return (start, end) => {
    const goesOn = start === lastEnd;
    lastEnd = end;
    if (start < blockStart || end > blockStart + block.length) {
      if (!goesOn) return read(start, end - start).toString('utf8');
      block = read(start, Math.min(bytes - start, Math.max(blockBytes, end - start)));
      blockStart = start;
    }
    return block.toString('utf8', start - blockStart, end - blockStart);
  };
}

/** An array whose elements are made when they are asked for. */
function listOf<T>(length: number, at: (index: number) => T): readonly T[] {
  const indexOf = (property: string | symbol) =>
    typeof property === 'string' && /^\d+$/.test(property) ? Number(property) : null;
  return new Proxy<readonly T[]>([], {
    get(target, property) {
      if (property === 'length') return length;
      const index = indexOf(property);
      if (index === null) return Reflect.get(target, property);
      return index < length ? at(index) : undefined;
    },
    has(target, property) {
      const index = indexOf(property);
      return index === null ? Reflect.has(target, property) : index < length;
    },
  });
}
