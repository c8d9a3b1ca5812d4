import { stat } from 'node:fs/promises';
import { dirname, posix, resolve } from 'node:path';
import type { Split } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { type CsvRow, type Delimiter, readCsvRows } from './csv-rows.ts';
import {
  type FoundPair,
  type ImportItem,
  type ImportOptions,
  skip,
  throwIfCancelled,
  toRecord,
} from './import-item.ts';
import { mapInOrder, pictureConcurrency } from './map-in-order.ts';
import { splitNamed } from './split-names.ts';

export interface CsvImportOptions extends ImportOptions {
  delimiter?: Delimiter;
  /** Names of the columns; image, caption, label and split where not given. */
  imageColumn?: string;
  captionColumn?: string;
  /** A label or split column that is named here must exist; one that is not named may be missing; null: none is read. */
  labelColumn?: string | null;
  splitColumn?: string | null;
}

/**
 * Reads a CSV file with one pair of picture and caption a row; the first row names the columns, others than the
 * four are ignored. Paths of pictures are relative to the file's folder; absolute ones and those that leave the
 * folder are followed too, and the picture's key is the path without detours. Rows of one picture are pairs of it. Rows
 * without split are train.
 *
 * Every picture is decoded to its end. Rows come in the order of the file, those that are left out with their
 * number (the header is row 1; a quoted field over several lines is one row) and the reason.
 *
 * Errors: `not-found` where there is no such file; `bad-input` where the header lacks a column; `cancelled`.
 */
export async function* readCsv(
  path: string,
  options: CsvImportOptions = {},
): AsyncGenerator<ImportItem, void> {
  const totalBytes = await sizeOf(path);
  const rows = readCsvRows(path, options.delimiter ?? ',');
  try {
    const header = await rows.next();
    const columns = findColumns(path, header.done ? null : header.value, options);
    const folder = dirname(resolve(path));
    let unreadable = 0;
    yield* mapInOrder(rows, pictureConcurrency, async (row) => {
      throwIfCancelled(options.signal);
      unreadable = row.fields?.length === columns.count ? 0 : unreadable + 1;
      if (unreadable > mostUnreadable) throw tellUnreadable(path, row.row);
      options.onProgress?.({ rows: row.row - 1, done: row.endByte, total: totalBytes });
      const pair = readPair(row, columns);
      if (typeof pair === 'string') return skip(row.row, pair);
      return toRecord(row.row, pair, resolve(folder, pair.key));
    });
  } finally {
    await rows.return();
  }
}

/** So many rows one after the other that are no rows of this table: the rest is no better, and there may be millions. */
const mostUnreadable = 10_000;

function tellUnreadable(path: string, row: number): WorkbenchError {
  const first = row - mostUnreadable;
  return new WorkbenchError(
    'bad-input',
    `${path} cannot be read from row ${first} on: the ${mostUnreadable.toLocaleString('en-GB')} rows after it have other columns than the first row names, or quotes that do not close. Look at row ${first - 1} and ${first}: a quote may be missing, or the delimiter is another.`,
    { path, row: first },
  );
}

/** Positions in a row; null where there is no such column. */
interface Columns {
  count: number;
  image: number;
  caption: number;
  label: number | null;
  split: number | null;
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return found.size;
  throw new WorkbenchError('not-found', `There is no file ${path}: check the path.`, { path });
}

function findColumns(path: string, header: CsvRow | null, options: CsvImportOptions): Columns {
  if (header === null || header.fields === null) {
    throw new WorkbenchError(
      'bad-input',
      header === null
        ? `${path} is empty: its first row must name the columns.`
        : `The first row of ${path} ${header.problem}: it must name the columns. Save the file as CSV in UTF-8.`,
      { path, row: 1 },
    );
  }
  const names = header.fields.map((name) => name.trim());
  const find = (name: string, required: boolean): number | null => {
    const position = names.indexOf(name);
    if (position >= 0 && names.includes(name, position + 1)) {
      throw new WorkbenchError('bad-input', `${path} has two columns named '${name}': rename one of them.`, {
        path,
        columns: names,
      });
    }
    if (position >= 0 || !required) return position < 0 ? null : position;
    throw new WorkbenchError(
      'bad-input',
      `${path} has no column '${name}'. Its columns are ${names.map((found) => `'${found}'`).join(', ')}: name the right one, or the right delimiter.`,
      { path, columns: names },
    );
  };
  const findOptional = (named: string | null | undefined, usual: string) =>
    named === null ? null : find(named ?? usual, named !== undefined);
  return {
    count: names.length,
    image: find(options.imageColumn ?? 'image', true) ?? 0,
    caption: find(options.captionColumn ?? 'caption', true) ?? 0,
    label: findOptional(options.labelColumn, 'label'),
    split: findOptional(options.splitColumn, 'split'),
  };
}

/** The pair of a row, or the reason why there is none. */
function readPair(row: CsvRow, columns: Columns): FoundPair | string {
  const { fields } = row;
  if (fields === null) return row.problem;
  if (fields.length !== columns.count) {
    return `has ${fields.length} column${fields.length === 1 ? '' : 's'} where the header has ${columns.count}`;
  }
  const key = fields[columns.image] ?? '';
  const caption = fields[columns.caption] ?? '';
  if (key.trim() === '') return 'names no picture';
  if (caption.trim() === '') return 'has an empty caption';
  const split = readSplit(columns.split === null ? '' : (fields[columns.split] ?? ''));
  if (split === null) {
    return `has the unknown split '${fields[columns.split ?? 0]}': train, validation and test are known`;
  }
  const label = columns.label === null ? '' : (fields[columns.label] ?? '').trim();
  return { key: posix.normalize(key), caption, label: label === '' ? null : label, name: null, split };
}

function readSplit(text: string): Split | null {
  const word = text.trim();
  return word === '' ? 'train' : splitNamed(word);
}
