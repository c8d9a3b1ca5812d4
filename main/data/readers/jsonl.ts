import { dirname, join } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import { type JsonShape, readJsonObjects, shapeOf } from '../tables/json-objects.ts';
import { objectOf } from '../tables/texts.ts';
import { captionColumns, columnNotes, countKnown, guessColumn, mapColumns } from './columns.ts';
import { createPictureFinder } from './find-picture.ts';
import { fileNames, type Looked, lookAt } from './look.ts';
import {
  type Found,
  inBatches,
  type ReaderDefinition,
  type ReaderOptions,
  type Reading,
  skipped,
} from './reader.ts';
import { newSeen, pairsOfRow } from './row-pairs.ts';
import { seenNotes } from './seen-notes.ts';
import { joinFiles, listWord, namesOf, oneOrSplits, splitNotes, splitOfFile } from './split-files.ts';

/** JSON lines, or JSON with lists of objects, with a picture's path and a caption (or a list of them). */
export const jsonl: ReaderDefinition = {
  label: 'JSON lines',
  async recognise(looked) {
    if (looked.isFolder) {
      const files = await filesIn(looked);
      if (files.length === 0) return null;
      return { fit: 'plausible', why: `its ${namesOf(files)} ${listWord(files)} pictures` };
    }
    const { name, head } = looked;
    if (/\.(jsonl|ndjson)$/i.test(name)) return { fit: 'sure', why: 'it is a file of JSON lines' };
    const shape = /\.json$/i.test(name) ? shapeOf(head) : null;
    return shape === null ? null : { fit: 'sure', why: shapeWords[shape] };
  },
  async open(given, options) {
    const files = given.isFolder ? await filesIn(given) : [given];
    if (files.length > 0) return joinFiles(given.folder, files, (file) => openLines(file, options));
    throw new WorkbenchError('bad-input', `There is no file of JSON lines in ${given.path}: name the file.`, {
      path: given.path,
    });
  },
};

const shapeWords: Record<JsonShape, string> = {
  lines: 'each of its lines is an object in JSON',
  list: 'it is a list of objects in JSON',
  lists: 'it has a list of objects in JSON',
  'by-picture': 'it is JSON by the names of pictures',
};

/** The files of a folder with objects that have pictures and captions or labels: one, or one for each split. */
async function filesIn({ path }: Looked): Promise<Looked[]> {
  const found: Looked[] = [];
  for (const name of fileNames(path)
    .filter((one) => /\.(jsonl|ndjson|json)(\.gz)?$/i.test(one))
    .slice(0, 20)) {
    const looked = await lookAt(join(path, name));
    if (/\.json$/i.test(looked.name) && shapeOf(looked.head) === null) continue;
    for await (const { value } of readJsonObjects(looked.path, looked.head)) {
      const names = Object.keys(value ?? {});
      if (guessColumn(names, 'image') !== null && countKnown(names) >= 2) found.push(looked);
      break;
    }
  }
  return oneOrSplits(found);
}

export async function openLines({ path, name, head }: Looked, options: ReaderOptions): Promise<Reading> {
  let columns: string[] | null = null;
  for await (const { value } of readJsonObjects(path, head)) {
    if (value === null) continue;
    columns = Object.keys(value);
    break;
  }
  if (columns === null) {
    throw new WorkbenchError('bad-input', `${path} has no object in JSON: each line must be one.`, { path });
  }
  const mapping = mapColumns(path, columns, options);
  const captions = captionColumns(columns, mapping, options);
  const root = dirname(path);
  const names = columns;
  return {
    root,
    columns: { names, mapping },
    batches: inBatches(async function* (signal, onProgress) {
      const find = createPictureFinder(root);
      const seen = newSeen();
      const splitElse = splitOfFile(name);
      let rows = 0;
      for await (const { row, value, split } of readJsonObjects(path, head)) {
        if (signal?.aborted) return;
        rows += 1;
        onProgress({ done: rows, total: rows, unit: 'rows' });
        if (value === null) yield skipped(row, 'is no object in JSON');
        else yield* readObject(row, value, split ?? null);
      }
      yield* columnNotes(names, mapping, captions);
      yield* splitNotes(name, mapping);
      yield* seenNotes(seen, options);

      function* readObject(
        row: number | string,
        value: Record<string, unknown>,
        split: string | null,
      ): Generator<Found, void> {
        const at = (column: string | null, role: 'image' | 'caption' | 'label' | 'split') =>
          value[column !== null && column in value ? column : (guessColumn(Object.keys(value), role) ?? '')];
        const written = captions.some((column) => column in value)
          ? captions.map((column) => value[column])
          : [at(null, 'caption')];
        const image = pathOf(at(mapping.image, 'image'));
        if (image === null) return yield skipped(row, 'names several pictures: a pair has one');
        yield* pairsOfRow(
          {
            row,
            image,
            captions: mapping.caption === null ? null : written.flatMap(textsOf),
            noCaption: written.map(otherThanText).find((words) => words !== null) ?? null,
            label: mapping.label === null ? null : scalar(at(mapping.label, 'label')),
            split: (mapping.split === null ? null : scalar(at(mapping.split, 'split'))) ?? split,
          },
          find,
          options,
          seen,
          splitElse ?? 'train',
        );
      }
    }),
  };
}

/** Every caption in a value: a text, or a list of texts or of objects with one (COCO's `raw`, `caption`). */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.flatMap((one) => (areTokens(one) ? [one.join(' ')] : textsOf(one)));
  const about = objectOf(value);
  if (about !== null) {
    // LLaVA's conversations: what is answered describes the picture.
    if ('from' in about && 'value' in about) return about.from === 'human' ? [] : textsOf(about.value);
    const column = guessColumn(Object.keys(about), 'caption');
    return column === null ? [] : textsOf(about[column]);
  }
  return [];
}

/** What a value is that holds no text where one should be, in words; null where it is nothing, or an empty text or list. */
export function otherThanText(value: unknown): string | null {
  if (value === null || value === undefined || typeof value === 'string') return null;
  if (Array.isArray(value)) {
    const inside = value.map(otherThanText).find((words) => words !== null) ?? null;
    return inside === null ? null : `a list with ${inside}`;
  }
  const about = objectOf(value);
  if (about === null) return `the value ${String(value)}`;
  const fields = Object.keys(about).slice(0, 4);
  if (fields.length === 0) return 'an empty object';
  return `an object without a text (${fields.map((name) => `'${name}'`).join(', ')})`;
}

/** A caption that is written word by word: a list of two or more words in a list. */
const areTokens = (value: unknown): value is string[] =>
  Array.isArray(value) &&
  value.length > 1 &&
  value.every((one) => typeof one === 'string' && !/\s/.test(one));

/** A picture's path; '' where there is none, null where there are several. */
function pathOf(value: unknown): string | null {
  if (Array.isArray(value)) return value.length > 1 ? null : pathOf(value[0]);
  const about = objectOf(value);
  if (about !== null) return pathOf(about.path ?? about.file_name ?? about.filename ?? '');
  return scalar(value) ?? '';
}

export function scalar(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? String(value)
    : null;
}
