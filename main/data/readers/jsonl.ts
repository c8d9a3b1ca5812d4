import { dirname, join } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import { tryParseJson } from '#core/json/try-parse-json.ts';
import { readRegularFile } from '../files/open-regular-file.ts';
import { countKnown, guessColumn, mapColumns } from './columns.ts';
import { createPictureFinder } from './find-picture.ts';
import { fileNames, type Looked, lookAt } from './look.ts';
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
  async recognise(looked, options) {
    if (looked.isFolder) {
      const file = await fileIn(looked, options);
      return file === null ? null : { fit: 'plausible', why: `its ${file.name} lists pictures` };
    }
    const { name, head } = looked;
    if (!/\.(jsonl|ndjson|json)$/i.test(name)) return null;
    const text = textOf(head).trimStart();
    if (/\.(jsonl|ndjson)$/i.test(name)) return { fit: 'sure', why: 'it is a file of JSON lines' };
    if (/^\[\s*\{/.test(text)) return { fit: 'sure', why: 'it is a list of objects in JSON' };
    if (holdsList.test(text)) return { fit: 'sure', why: 'it has a list of objects in JSON' };
    return /^\{.*\}\s*\n\s*\{/.test(text)
      ? { fit: 'sure', why: 'each of its lines is an object in JSON' }
      : null;
  },
  async open(given, options) {
    const looked = given.isFolder ? await fileIn(given, options) : given;
    if (looked !== null) return openLines(looked, options);
    throw new WorkbenchError('bad-input', `There is no file of JSON lines in ${given.path}: name the file.`, {
      path: given.path,
    });
  },
};

/** An object whose first list is of objects: what tools write around their records. */
const holdsList = /^\{[^[]*"\w+"\s*:\s*\[\s*\{/;

/** The one file of a folder with objects that have pictures and captions or labels. */
async function fileIn({ path }: Looked, options: ReaderOptions): Promise<Looked | null> {
  const found: Looked[] = [];
  for (const name of fileNames(path)
    .filter((one) => /\.(jsonl|ndjson|json)$/i.test(one))
    .slice(0, 20)) {
    const looked = await lookAt(join(path, name));
    if ((await jsonl.recognise(looked, options)) === null) continue;
    for await (const { value } of objectsOf(looked.path, looked.head)) {
      const names = Object.keys(value ?? {});
      if (guessColumn(names, 'image') !== null && countKnown(names) >= 2) found.push(looked);
      break;
    }
  }
  return found.length === 1 ? (found[0] ?? null) : null;
}

export async function openLines({ path, head }: Looked, options: ReaderOptions): Promise<Reading> {
  let columns: string[] | null = null;
  for await (const { value } of objectsOf(path, head)) {
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
      for await (const { row, value } of objectsOf(path, head)) {
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
    // LLaVA's conversations: what is answered describes the picture.
    if ('from' in value && 'value' in value) return value.from === 'human' ? [] : textsOf(value.value);
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

async function* objectsOf(path: string, head: Buffer): AsyncGenerator<Line, void> {
  const beginning = textOf(head).trimStart();
  if (beginning.startsWith('[') || holdsList.test(beginning)) {
    const values = listIn(tryParseJson(textOf(await readRegularFile(path, maxArrayBytes))));
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
    if (line.trim() !== '') yield { row, value: objectOf(tryParseJson(line)) };
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

/** A list, or the first list of objects among an object's values. */
function listIn(value: unknown): unknown {
  const object = objectOf(value);
  if (object === null) return value;
  return Object.values(object).find((one) => Array.isArray(one) && objectOf(one[0]) !== null);
}

function objectOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
