import { pipeline, type Readable } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import { WorkbenchError } from '#contract/errors.ts';
import { openRegularFile, readRegularFile } from '../files/open-regular-file.ts';
import { countKnown } from './columns.ts';
import type { Delimiter } from './reader.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** How a text file with a row a line is written. */
export interface Dialect {
  encoding: Encoding;
  delimiter: Delimiter;
  /** Rows before the first that counts: Excel's `sep=;` and comments. */
  before: number;
  /** The first row's fields, trimmed. */
  first: string[];
  /** Those of the row behind it, as far as it is one line. */
  second: string[];
}

const delimiters: readonly Delimiter[] = [',', '\t', ';', '|'];

/** By its byte order mark; without one, letters of UTF-16 have a zero before or behind them. */
export function encodingOf(head: Buffer): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head.length < 4) return 'utf-8';
  const zeros = [0, 1, 2, 3].filter((at) => head[at] === 0).join();
  return zeros === '1,3' ? 'utf-16le' : zeros === '0,2' ? 'utf-16be' : 'utf-8';
}

/** The beginning of a text file, without its byte order mark. */
export function textOf(head: Buffer): string {
  const even = head.subarray(0, head.length - (head.length % 2));
  const encoding = encodingOf(head);
  const bytes = encoding === 'utf-8' ? head : even;
  return new TextDecoder(encoding).decode(bytes).replace(/^\uFEFF/, '');
}

/**
 * Guesses the dialect by the header: the delimiter that parts it into most known names, then into most fields; where
 * neither tells, as the file's name says.
 */
export function guessDialect(name: string, head: Buffer, given: Delimiter | undefined): Dialect {
  const lines = textOf(head).split(/\r\n|\r|\n/, mostBefore + 1);
  const before = countBefore(lines);
  const line = lines[before] ?? '';
  const said = delimiters.find((one) =>
    lines.slice(0, before).some((text) => separatorLine.exec(text)?.[1] === one),
  );
  const byName: Delimiter = /\.(tsv|tab)$/i.test(name) ? '\t' : ',';
  const order = [byName, ...delimiters.filter((one) => one !== byName)];
  const split = (delimiter: Delimiter) => parseLine(line, delimiter);
  const score = (delimiter: Delimiter) => {
    const fields = split(delimiter);
    return countKnown(fields) * 1000 + (delimiter === byName ? 0.5 : 0) + Math.min(fields.length, 900);
  };
  const delimiter =
    given ?? said ?? order.reduce((best, one) => (score(one) > score(best) ? one : best), order[0] ?? ',');
  const second = parseLine(lines.slice(before + 1).find((text) => text !== '') ?? '', delimiter);
  return { encoding: encodingOf(head), delimiter, before, first: split(delimiter), second };
}

const separatorLine = /^"?sep=(.)"?$/i;
const mostBefore = 20;

/** Lines before the header: `sep=`, and comments where a header follows them. */
function countBefore(lines: readonly string[]): number {
  const isBefore = (line: string) => separatorLine.test(line) || line.startsWith('#') || line.trim() === '';
  const found = lines.findIndex((line) => !isBefore(line));
  if (found <= 0) return 0;
  const isHeader = delimiters.some((one) => countKnown(parseLine(lines[found]!, one)) >= 2);
  return isHeader || separatorLine.test(lines[0]!) ? found : 0;
}

/** The fields of a header, trimmed, without quotes around them. */
export function parseLine(line: string, delimiter: Delimiter): string[] {
  const fields: string[] = [];
  const field = new RegExp(
    `\\s*"((?:[^"]|"")*)"\\s*(?:\\${delimiter}|$)|([^${delimiter}]*)(?:\\${delimiter}|$)`,
    'y',
  );
  let at = 0;
  while (at <= line.length) {
    field.lastIndex = at;
    const found = field.exec(line);
    if (found === null) break;
    fields.push((found[1]?.replaceAll('""', '"') ?? found[2] ?? '').trim());
    if (field.lastIndex >= line.length && !line.endsWith(delimiter, field.lastIndex)) break;
    if (field.lastIndex === at) break;
    at = field.lastIndex;
  }
  return fields;
}

/**
 * A text file whole, whatever it is written in, also packed (.gz).
 * @throws WorkbenchError as readRegularFile; `corrupt-file` where it cannot be unpacked
 */
export async function readTextFile(path: string, maxBytes: number): Promise<string> {
  const bytes = await readRegularFile(path, maxBytes);
  if (!isPacked(path)) return textOf(bytes);
  try {
    return textOf(gunzipSync(bytes, { maxOutputLength: maxBytes }));
  } catch (cause) {
    throw cannotUnpack(path, cause);
  }
}

const isPacked = (path: string): boolean => /\.gz$/i.test(path);

function cannotUnpack(path: string, cause: unknown): WorkbenchError {
  return new WorkbenchError(
    'corrupt-file',
    `${path} cannot be unpacked: it is damaged, or too large. Unpack it once (gunzip), then import the file.`,
    { path },
    { cause },
  );
}

async function* unpacked(path: string, source: Readable): AsyncGenerator<Buffer, void> {
  const unpacking = createGunzip();
  // Its failure is that of reading what comes out of it.
  pipeline(source, unpacking, () => {});
  try {
    yield* unpacking;
  } catch (cause) {
    throw cannotUnpack(path, cause);
  }
}

/** A file's bytes as UTF-8, whatever it is written in, also packed (.gz). */
export async function* readAsUtf8(path: string, encoding: Encoding): AsyncGenerator<Buffer, void> {
  const { handle } = await openRegularFile(path);
  const file = handle.createReadStream({ highWaterMark: 256 * 1024 });
  const source = isPacked(path) ? unpacked(path, file) : file;
  if (encoding === 'utf-8') {
    yield* source;
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const chunk of source) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}
