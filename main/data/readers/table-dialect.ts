import { openRegularFile } from '../files/open-regular-file.ts';
import { countKnown } from './columns.ts';
import type { Delimiter } from './reader.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** How a text file with a row a line is written. */
export interface Dialect {
  encoding: Encoding;
  delimiter: Delimiter;
  /** The first row's fields, trimmed. */
  first: string[];
}

const delimiters: readonly Delimiter[] = [',', '\t', ';', '|'];

export function encodingOf(head: Buffer): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return 'utf-8';
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
  const line = textOf(head).split(/\r\n|\r|\n/, 1)[0] ?? '';
  const byName: Delimiter = /\.(tsv|tab)$/i.test(name) ? '\t' : ',';
  const order = [byName, ...delimiters.filter((one) => one !== byName)];
  const split = (delimiter: Delimiter) => parseLine(line, delimiter);
  const score = (delimiter: Delimiter) => {
    const fields = split(delimiter);
    return countKnown(fields) * 1000 + (delimiter === byName ? 0.5 : 0) + Math.min(fields.length, 900);
  };
  const delimiter =
    given ?? order.reduce((best, one) => (score(one) > score(best) ? one : best), order[0] ?? ',');
  return { encoding: encodingOf(head), delimiter, first: split(delimiter) };
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

/** A file's bytes as UTF-8, whatever it is written in. */
export async function* readAsUtf8(path: string, encoding: Encoding): AsyncGenerator<Buffer, void> {
  const { handle } = await openRegularFile(path);
  const source = handle.createReadStream({ highWaterMark: 256 * 1024 });
  if (encoding === 'utf-8') {
    yield* source;
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const chunk of source) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}
