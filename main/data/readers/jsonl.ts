import { dirname } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import { readRegularFile } from '../open-regular-file.ts';
import { guessColumn, mapColumns } from './columns.ts';
import { createPictureFinder } from './find-picture.ts';
import type { Looked } from './look.ts';
import { type Found, type ReaderDefinition, type ReaderOptions, type Reading, skipped } from './reader.ts';
import { newSeen, pairsOfRow } from './row-pairs.ts';
import { seenNotes } from './seen-notes.ts';
import { encodingOf, readAsUtf8, textOf } from './table-dialect.ts';

/** A line may be as long as this. */
const maxLineLength = 4 * 1024 ** 2;
const maxArrayBytes = 400 * 1024 ** 2;

/** JSON lines, or a JSON list, of objects with a picture's path and a caption (or a list of them). */
export const jsonl: ReaderDefinition = {
  label: 'JSON lines',
  async recognise({ isFolder, name, head }) {
    if (isFolder || !/\.(jsonl|ndjson|json)$/i.test(name)) return null;
    const text = textOf(head).trimStart();
    if (/\.(jsonl|ndjson)$/i.test(name)) return { fit: 'sure', why: 'it is a file of JSON lines' };
    if (/^\[\s*\{/.test(text)) return { fit: 'sure', why: 'it is a list of objects in JSON' };
    return /^\{.*\}\s*\n\s*\{/.test(text)
      ? { fit: 'sure', why: 'each of its lines is an object in JSON' }
      : null;
  },
  open: openLines,
};

export async function openLines({ path, head }: Looked, options: ReaderOptions): Promise<Reading> {
  const isList = textOf(head).trimStart().startsWith('[');
  let columns: string[] | null = null;
  for await (const { value } of objectsOf(path, head, isList)) {
    if (value === null) continue;
    columns = Object.keys(value);
    break;
  }
  if (columns === null) {
    throw new WorkbenchError('bad-input', `${path} has no object in JSON: each line must be one.`, { path });
  }
  const mapping = mapColumns(path, columns, options);
  const root = dirname(path);
  return {
    root,
    columns: { names: columns, mapping },
    async *items(signal, onProgress) {
      const find = createPictureFinder(root);
      const seen = newSeen();
      let rows = 0;
      for await (const { row, value } of objectsOf(path, head, isList)) {
        if (signal?.aborted) return;
        rows += 1;
        onProgress({ done: rows, total: rows, unit: 'rows' });
        if (value === null) yield skipped(row, 'is no object in JSON');
        else yield* readObject(row, value);
      }
      yield* seenNotes(seen, options);

      function* readObject(row: number, value: Record<string, unknown>): Generator<Found, void> {
        const at = (column: string | null, role: 'image' | 'caption' | 'label' | 'split') =>
          value[column !== null && column in value ? column : (guessColumn(Object.keys(value), role) ?? '')];
        const caption = mapping.caption === null ? null : textsOf(at(mapping.caption, 'caption'));
        yield* pairsOfRow(
          {
            row,
            image: pathOf(at(mapping.image, 'image')),
            captions: caption,
            label: mapping.label === null ? null : scalar(at(mapping.label, 'label')),
            split: mapping.split === null ? null : scalar(at(mapping.split, 'split')),
          },
          find,
          options,
          seen,
        );
      }
    },
  };
}

/** Every caption in a value: a text, or a list of texts or of objects with one (COCO's `raw`, `caption`). */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value === 'object' && value !== null) {
    const column = guessColumn(Object.keys(value), 'caption');
    return column === null ? [] : textsOf((value as Record<string, unknown>)[column]);
  }
  return [];
}

function pathOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'path' in value) return pathOf(value.path);
  return typeof value === 'string' ? value : '';
}

export function scalar(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? String(value)
    : null;
}

interface Line {
  row: number;
  /** null: no object. */
  value: Record<string, unknown> | null;
}

async function* objectsOf(path: string, head: Buffer, isList: boolean): AsyncGenerator<Line, void> {
  if (isList) {
    const values: unknown = parse(textOf(await readRegularFile(path, maxArrayBytes)));
    if (!Array.isArray(values)) {
      throw new WorkbenchError('bad-input', `${path} is no list in JSON that can be read.`, { path });
    }
    for (const [at, value] of values.entries()) yield { row: at + 1, value: objectOf(value) };
    return;
  }
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let row = 0;
  const take = function* (text: string): Generator<Line, void> {
    row += 1;
    const line = row === 1 ? text.replace(/^\uFEFF/, '') : text;
    if (line.trim() !== '') yield { row, value: objectOf(parse(line)) };
  };
  for await (const chunk of readAsUtf8(path, encodingOf(head))) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield* take(line);
    if (rest.length > maxLineLength) {
      throw new WorkbenchError(
        'bad-input',
        `Line ${row + 1} of ${path} is longer than 4 MiB: it is no file of JSON lines.`,
        {
          path,
          line: row + 1,
        },
      );
    }
  }
  if (rest !== '') yield* take(rest);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function objectOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
