import { dirname, join } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import { listFirst } from '#core/list-first.ts';
import { type JsonShape, readJsonObjects, shapeOf } from '../tables/json-objects.ts';
import { objectOf } from '../tables/texts.ts';
import {
  captionColumns,
  columnNotes,
  countKnown,
  type FirstRow,
  guessColumn,
  mapColumns,
} from './columns.ts';
import { createPictureFinder } from './find-picture.ts';
import { fileNames, hasPictureName, type Looked, lookAt, unwrap } from './look.ts';
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
import {
  type ChosenTables,
  chooseTables,
  joinFiles,
  listWord,
  namesOf,
  splitNotes,
  splitOfFile,
} from './split-files.ts';

/** JSON lines, or JSON with lists of objects, with a picture's path and a caption (or a list of them). */
export const jsonl: ReaderDefinition = {
  label: 'JSON lines',
  async recognise(looked) {
    if (looked.isFolder) {
      const { files, isKnown } = await filesIn(looked);
      if (!isKnown) return null;
      return { fit: 'plausible', why: `its ${namesOf(files)} ${listWord(files)} pictures` };
    }
    const { name, head } = looked;
    if (/\.(jsonl|ndjson)$/i.test(name)) return { fit: 'sure', why: 'it is a file of JSON lines' };
    const shape = /\.json$/i.test(name) ? shapeOf(head) : null;
    return shape === null ? null : { fit: 'sure', why: shapeWords[shape] };
  },
  async open(given, options) {
    const files = given.isFolder ? (await filesIn(given)).files : [given];
    if (files.length > 0) return joinFiles(given, files, (file) => openLines(file, options));
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
  'by-key': 'it is an object of objects in JSON',
  columns: 'it is a list in JSON for each column',
  rows: 'it is a list of lists in JSON',
  one: 'it is an object in JSON',
};

/**
 * The files of a folder with objects that have pictures and captions or labels: one, or one for each split. Where none
 * has, its only file of JSON lines.
 */
async function filesIn(looked: Looked): Promise<ChosenTables> {
  const path = unwrap(looked.path);
  const files = fileNames(path);
  const pictures = new Set(files.filter(hasPictureName).map(stemOf));
  // A JSON of a picture's name is about that one.
  const names = files.filter(
    (one) => /\.(jsonl|ndjson|json)(\.gz)?$/i.test(one) && !pictures.has(stemOf(one)),
  );
  const all = await Promise.all(names.slice(0, 20).map((name) => lookAt(join(path, name))));
  const known: Looked[] = [];
  for (const one of all) {
    if (/\.json$/i.test(one.name) && shapeOf(one.head) === null) continue;
    const first = await firstObject(one);
    const columns = Object.keys(first ?? {});
    if (guessColumn(columns, 'image') !== null && countKnown(columns) >= 2) known.push(one);
  }
  return chooseTables(
    known,
    all.filter(({ name }) => !/\.json$/i.test(name)),
  );
}

const stemOf = (name: string): string => name.replace(/\.[^.]+$/, '');

/** Objects at the beginning whose fields are the columns: some lack what others have. */
const objectsLookedAt = 100;

/** The fields of the first objects together, each with the first value that it has; null where there is no object. */
async function firstObject({ path, head }: Looked): Promise<FirstRow | null> {
  let fields: FirstRow | null = null;
  let seen = 0;
  for await (const { value } of readJsonObjects(path, head)) {
    if (value !== null) fields = { ...value, ...(fields ?? {}) };
    seen += 1;
    if (seen === objectsLookedAt) break;
  }
  return fields;
}

export async function openLines(looked: Looked, options: ReaderOptions): Promise<Reading> {
  const { path, name, head } = looked;
  const first = await firstObject(looked);
  if (first === null) {
    throw new WorkbenchError('bad-input', `${path} has no object in JSON: each line must be one.`, { path });
  }
  const columns = Object.keys(first);
  const mapping = mapColumns(path, columns, options, first);
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
            ...(mapping.label === null ? { label: null } : labelOf(at(mapping.label, 'label'))),
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
    // The same as messages of a chat.
    if ('role' in about && 'content' in about)
      return about.role === 'assistant' ? textsOf(about.content) : [];
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

/** The class in a value: a text or number, one in a list, or the name in an object; of several none is taken. */
export function labelOf(
  value: unknown,
  names: readonly string[] | null = null,
): { label: string | null; noLabel: string | null } {
  const classes = labelsIn(value).map((one) => names?.[Number(one)] ?? one);
  const [label = null] = classes;
  if (classes.length < 2) return { label, noLabel: null };
  return { label: null, noLabel: `a list of several classes (${listFirst(classes, 3)})` };
}

function labelsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(labelsIn);
  if (typeof value === 'boolean') return [String(value)];
  const about = objectOf(value);
  const name = about === null ? value : about[guessColumn(Object.keys(about), 'label') ?? 'name'];
  return scalar(name) === null ? [] : [scalar(name) ?? ''];
}

export function scalar(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? String(value)
    : null;
}
