import { isAscii } from 'node:buffer';
import type { Delimiter } from '../readers/reader.ts';
import { type Encoding, readAsUtf8 } from '../readers/table-dialect.ts';

export type { Delimiter } from '../readers/reader.ts';

/** A row in the order of the file, counted from 1; `endByte` is where it ends in the file. */
export type CsvRow = { row: number; endByte: number } & (
  | { fields: string[]; problem: null }
  | { fields: null; problem: string }
);

const quote = 0x22;
const space = 0x20;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** A text of more than 128 kB has pages of memory of its own, which the system has to make each time. */
const textBytes = 64 * 1024;

/** A row may be as long as this; a longer one is a quote that is never closed, or no CSV at all. */
const maxRowBytes = 1024 * 1024;

/**
 * Reads a CSV file (RFC 4180: fields may be quoted and then hold delimiters, line ends and doubled quotes; lines
 * end with LF, CRLF or CR) as UTF-8, with or without a byte order mark, row by row. A quote inside an unquoted
 * field stands for itself. Empty lines are passed over but counted.
 *
 * A row that cannot be read carries its problem, and reading goes on at the line after the row's first: one
 * stray quote or byte costs one row and not the rest of the file. Between tabs and pipes, and behind a space, a quote is
 * text unless it wraps a whole field; then that space is none of the field.
 */
export async function* readCsvRows(
  path: string,
  delimiter: Delimiter,
  encoding: Encoding = 'utf-8',
): AsyncGenerator<CsvRow, void> {
  for await (const rows of readCsvBatches(path, delimiter, encoding)) yield* rows;
}

/** {@link readCsvRows} in the batches in which they are read: waiting for each of a million rows takes longer than reading it. */
export async function* readCsvBatches(
  path: string,
  delimiter: Delimiter,
  encoding: Encoding = 'utf-8',
): AsyncGenerator<CsvRow[], void> {
  const source = readAsUtf8(path, encoding);
  let buffer: Buffer = Buffer.alloc(0);
  let bufferStart = 0;
  /** The buffer as text where it is ASCII: then rows are cut out of it. */
  let text: string | null = null;
  let at = 0;
  let row = 0;
  /** Inside a row that is left out for its length, up to the end of its line. */
  let passing = false;

  function takeRows(final: boolean): CsvRow[] {
    const rows: CsvRow[] = [];
    while (at < buffer.length) {
      if (passing) {
        const end = endOfLine(buffer, at, final);
        at = end?.next ?? buffer.length;
        if (end === null) break;
        passing = false;
        continue;
      }
      let extent = findRow(buffer, at, delimiter.charCodeAt(0), final);
      const tooLong = (extent === null ? buffer.length : extent.end) - at > maxRowBytes;
      if (extent === null && !tooLong) break;
      if (extent === null || tooLong)
        extent = { ...malformed(buffer, at, final), problem: 'is longer than 1 MiB' };
      const start = at;
      row += 1;
      passing = extent.next === null;
      at = extent.next ?? buffer.length;
      const endByte = bufferStart + at;
      if (extent.problem !== null) rows.push({ row, endByte, fields: null, problem: extent.problem });
      else if (extent.end > start)
        rows.push({ row, endByte, ...decodeRow(buffer, text, start, extent.end, delimiter) });
    }
    return rows;
  }

  /** Rows of ASCII without quotes: each line is one, up to the end of the last. */
  function takeLines(): CsvRow[] {
    const rows: CsvRow[] = [];
    const last = buffer.lastIndexOf(lineFeed) + 1;
    while (at < last) {
      const to = buffer.lastIndexOf(lineFeed, at + textBytes) + 1;
      const lines = buffer.toString('latin1', at, to > at ? to : last).split('\n');
      // Behind the last line end is nothing.
      lines.pop();
      for (const line of lines) {
        row += 1;
        at += line.length + 1;
        if (line !== '')
          rows.push({ row, endByte: bufferStart + at, fields: line.split(delimiter), problem: null });
      }
    }
    return rows;
  }

  for await (const chunk of source) {
    buffer = Buffer.concat([buffer.subarray(at), chunk]);
    bufferStart += at;
    at = 0;
    if (bufferStart === 0) {
      if (buffer.length < byteOrderMark.length) continue;
      if (buffer.subarray(0, byteOrderMark.length).equals(byteOrderMark)) at = byteOrderMark.length;
    }
    const isPlain = isAscii(buffer);
    const areLines =
      isPlain &&
      !passing &&
      buffer.length < maxRowBytes &&
      !buffer.includes(quote) &&
      !buffer.includes(carriageReturn);
    text = isPlain && !areLines ? buffer.toString('latin1') : null;
    yield areLines ? takeLines() : takeRows(false);
  }
  yield takeRows(true);
}

interface Extent {
  /** Where the row's text ends. */
  end: number;
  /** Where the next row begins; null: beyond what is read so far. */
  next: number | null;
  problem: string | null;
}

/** The row that begins at `start`; null where more bytes are needed to tell. */
function findRow(buffer: Buffer, start: number, delimiter: number, final: boolean): Extent | null {
  const feed = buffer.indexOf(lineFeed, start);
  if (feed >= 0 && !holds(buffer, start, feed, quote)) {
    // Most rows: no quotes, and a line end that is one whatever comes after it.
    const end = feed > start && buffer[feed - 1] === carriageReturn ? feed - 1 : feed;
    if (!holds(buffer, start, end, carriageReturn)) return { end, next: feed + 1, problem: null };
  }
  let at = start;
  let fieldBegins = true;
  while (at < buffer.length) {
    const byte = buffer[at];
    if (fieldBegins && byte === quote) {
      const after = endOfQuoted(buffer, at, final);
      if (after === null) return null;
      const mayBeText = quotesAreText(delimiter) || (at > start && buffer[at - 1] === space);
      if (mayBeText && (after === 'open' || !wraps(buffer, at, after, delimiter))) {
        fieldBegins = false;
        at += 1;
        continue;
      }
      if (after === 'open')
        return { ...malformed(buffer, start, final), problem: 'opens a quote that is never closed' };
      const next = buffer[after];
      if (next !== undefined && next !== delimiter && next !== lineFeed && next !== carriageReturn) {
        return { ...malformed(buffer, start, final), problem: 'has text after a closing quote' };
      }
      at = after;
      fieldBegins = false;
      continue;
    }
    if (byte === lineFeed || byte === carriageReturn) {
      const end = endOfLine(buffer, at, final);
      return end === null ? null : { ...end, problem: null };
    }
    fieldBegins = byte === delimiter || (fieldBegins && byte === space);
    at += 1;
  }
  return final ? { end: at, next: at, problem: null } : null;
}

function holds(buffer: Buffer, start: number, end: number, byte: number): boolean {
  for (let at = start; at < end; at += 1) if (buffer[at] === byte) return true;
  return false;
}

/** Tables with tabs or pipes are mostly written without quoting. */
const quotesAreText = (delimiter: number) => delimiter === 0x09 || delimiter === 0x7c;

/**
 * Whether quotes from `start` to before `after` wrap a whole field: it ends there, and it does not run over lines that
 * are rows of their own.
 */
function wraps(buffer: Buffer, start: number, after: number, delimiter: number): boolean {
  const next = buffer[after];
  if (next !== undefined && next !== delimiter && next !== lineFeed && next !== carriageReturn) return false;
  const feed = buffer.subarray(start, after).indexOf(lineFeed);
  return feed < 0 || buffer.subarray(start + feed, after).indexOf(delimiter) < 0;
}

/** Where a quoted field that begins at `start` has its end, behind the closing quote; null: more bytes are needed. */
function endOfQuoted(buffer: Buffer, start: number, final: boolean): number | 'open' | null {
  let at = start + 1;
  for (;;) {
    const closing = buffer.indexOf(quote, at);
    if (closing < 0) return final ? 'open' : null;
    if (closing + 1 === buffer.length) return final ? closing + 1 : null;
    if (buffer[closing + 1] !== quote) return closing + 1;
    at = closing + 2;
  }
}

/** A row that cannot be read is its first line. */
function malformed(buffer: Buffer, start: number, final: boolean): Omit<Extent, 'problem'> {
  return endOfLine(buffer, start, final) ?? { end: buffer.length, next: null };
}

/** The first line end at or after `start`; null where it is not read yet. */
function endOfLine(buffer: Buffer, start: number, final: boolean): { end: number; next: number } | null {
  const atFeed = buffer.indexOf(lineFeed, start);
  const line = atFeed < 0 ? buffer.subarray(start) : buffer.subarray(start, atFeed);
  const atReturn = line.indexOf(carriageReturn);
  if (atReturn >= 0) {
    const end = start + atReturn;
    if (end + 1 === buffer.length && !final) return null;
    return { end, next: end + (buffer[end + 1] === lineFeed ? 2 : 1) };
  }
  if (atFeed >= 0) return { end: atFeed, next: atFeed + 1 };
  return final ? { end: buffer.length, next: buffer.length } : null;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeRow(
  buffer: Buffer,
  ascii: string | null,
  start: number,
  end: number,
  delimiter: Delimiter,
): { fields: string[]; problem: null } | { fields: null; problem: string } {
  if (ascii !== null) return { fields: splitFields(ascii.slice(start, end), delimiter), problem: null };
  let text: string;
  try {
    text = strict.decode(buffer.subarray(start, end));
  } catch {
    return { fields: null, problem: 'has bytes that are not UTF-8' };
  }
  return { fields: splitFields(text, delimiter), problem: null };
}

/** The fields of a row whose quotes are known to be right. */
function splitFields(text: string, delimiter: Delimiter): string[] {
  if (!text.includes('"')) return text.split(delimiter);
  const fields: string[] = [];
  let at = 0;
  while (at <= text.length) {
    let opening = at;
    while (text[opening] === ' ') opening += 1;
    const closing = text[opening] === '"' ? closingQuote(text, opening, delimiter) : null;
    if (closing === null) {
      const end = text.indexOf(delimiter, at);
      fields.push(end < 0 ? text.slice(at) : text.slice(at, end));
      at = end < 0 ? text.length + 1 : end + 1;
      continue;
    }
    fields.push(text.slice(opening + 1, closing).replaceAll('""', '"'));
    at = closing + 2;
  }
  return fields;
}

/** Where the quote is that ends a field; null where the quotes are text, as they may be between tabs. */
function closingQuote(text: string, start: number, delimiter: Delimiter): number | null {
  let closing = text.indexOf('"', start + 1);
  while (closing >= 0 && text[closing + 1] === '"') closing = text.indexOf('"', closing + 2);
  if (closing < 0) return null;
  return closing + 1 === text.length || text[closing + 1] === delimiter ? closing : null;
}
