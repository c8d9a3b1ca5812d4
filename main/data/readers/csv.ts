import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import { type CsvRow, readCsvBatches, readCsvRows } from '../tables/csv-rows.ts';
import { guardedColumn, unguardCell } from '../tables/spreadsheet-safe.ts';
import { listInCell } from '../tables/texts.ts';
import { looksLikeId } from './class-names.ts';
import { captionColumns, columnNotes, countKnown, mapColumns } from './columns.ts';
import { createPictureFinder } from './find-picture.ts';
import { fileNames, hasPictureName, type Looked, lookAt, unwrap } from './look.ts';
import {
  batchItems,
  type Found,
  note,
  type ReaderDefinition,
  type ReaderOptions,
  type Reading,
  skipped,
} from './reader.ts';
import { addPairsOfRow, newSeen } from './row-pairs.ts';
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
import { splitNamed } from './split-names.ts';
import { type Dialect, guessDialect } from './table-dialect.ts';
import { isWebAddress } from './web-address.ts';

const tableName = /\.(csv|tsv|tab|txt)$/i;
const tableFile = /\.(csv|tsv|tab|txt)(\.gz)?$/i;

/**
 * Columns of a table without a header, by its first row: the picture, the text with most words as its caption, a split,
 * and a class; numbers beside a caption number the rows.
 */
function nameColumns(first: readonly string[]): string[] {
  const image = first.findIndex(hasPictureName);
  const split = first.findIndex((field, at) => at !== image && splitNamed(field) !== null);
  const others = first.flatMap((field, at) => (at === image || at === split ? [] : [{ field, at }]));
  const texts = others.filter(({ field }) => field !== '' && !looksLikeId(field));
  const [caption] = texts.toSorted((a, b) => countWords(b.field) - countWords(a.field) || a.at - b.at);
  const [label] = caption === undefined ? others : texts.filter((one) => one !== caption);
  const names = new Map([
    [image, 'image'],
    [split, 'split'],
    [label?.at, 'label'],
    [caption?.at, 'caption'],
  ]);
  return first.map((_, at) => names.get(at) ?? `column ${at + 1}`);
}

const countWords = (text: string): number => text.split(/\s+/).length;

/** A header that pandas makes of a table without one: 0, 1, 2, perhaps behind a nameless index. */
const isNumbered = (header: readonly string[]): boolean =>
  header.length > 1 &&
  header.every((name, at) => name === String(header[0] === '' ? at - 1 : at) || (at === 0 && name === ''));

/** So many rows one after the other that are no rows of this table: the rest is no better, and there may be millions. */
const mostUnreadable = 10_000;

/** CSV and TSV: a pair a row, in the dialects that people write. */
export const csv: ReaderDefinition = {
  label: 'CSV or TSV table',
  async recognise(looked, options) {
    if (looked.isFolder) {
      const { files: tables, isKnown } = await tablesIn(looked, options);
      if (!isKnown) return null;
      const noun = tables.length === 1 ? 'table' : 'tables';
      return { fit: 'plausible', why: `its ${noun} ${namesOf(tables)} ${listWord(tables)} pictures` };
    }
    if (!tableName.test(looked.name)) return null;
    return { fit: 'sure', why: 'it is a table' };
  },
  async open(given, options) {
    const tables = given.isFolder ? (await tablesIn(given, options)).files : [given];
    if (tables.length > 0) return joinFiles(given, tables, (table) => openTable(table, options));
    throw new WorkbenchError('bad-input', `There is no table in ${given.path}: name the file.`, {
      path: given.path,
    });
  },
};

/**
 * The tables of a folder whose header names pictures and captions or labels: one, or one for each split. Where none does,
 * its only table.
 */
async function tablesIn(looked: Looked, options: ReaderOptions): Promise<ChosenTables> {
  const path = unwrap(looked.path);
  const names = fileNames(path).filter((one) => tableFile.test(one));
  const all = await Promise.all(names.slice(0, 20).map((name) => lookAt(join(path, name))));
  const known = all.filter(({ name, head }) => {
    const { first, delimiter } = guessDialect(name, head, options.delimiter);
    // A path, a tab and a word are a list of paths.
    const mayBeRow = delimiter !== '\t' || !/\.txt$/i.test(name);
    return countKnown(first) >= 2 || (mayBeRow && isRow(first));
  });
  return chooseTables(
    known,
    all.filter(({ name }) => !/\.txt$/i.test(name)),
  );
}

async function openTable({ path, name, head }: Looked, options: ReaderOptions): Promise<Reading> {
  const dialect = guessDialect(name, head, options.delimiter);
  if (head.length === 0) {
    throw new WorkbenchError('bad-input', `${path} is empty: its first row must name the columns.`, { path });
  }
  const { imageColumn, captionColumn } = options;
  const named = dialect.first.some((column) => column === imageColumn || column === captionColumn);
  const withHeader = named || countKnown(dialect.first) > 0 || !looksLikeRow(path, dialect.first);
  const { second } = dialect;
  const isNameless = withHeader && !named && isNumbered(dialect.first) && looksLikeRow(path, second);
  const columns = isNameless ? nameColumns(second) : withHeader ? dialect.first : nameColumns(dialect.first);
  if (withHeader) await refuseUnreadableHeader(path, dialect);
  const firstRow = Object.fromEntries(
    columns.map((column, at) => [column, withHeader ? second[at] : undefined]),
  );
  const mapping = mapColumns(path, columns, options, firstRow);
  const place = (column: string | null) => (column === null ? null : columns.indexOf(column));
  const [image, label, split] = [place(mapping.image) ?? 0, place(mapping.label), place(mapping.split)];
  const captionNames = captionColumns(columns, mapping, options);
  const captions = captionNames.map((column) => columns.indexOf(column));
  // Only a table that says so: in another one the apostrophe is the caption's own.
  const isGuarded = columns.includes(guardedColumn);
  const plain = isGuarded ? unguardCell : (text: string) => text;
  const root = dirname(path);
  const { size } = await stat(path);
  return {
    root,
    columns: { names: columns, mapping },
    async *batches(signal, onProgress) {
      const find = createPictureFinder(root);
      const seen = newSeen();
      const splitElse = splitOfFile(name) ?? 'train';
      let first = true;
      let unreadable = 0;
      yield [...dialectNotes()];
      for await (const rows of readCsvBatches(path, dialect.delimiter, dialect.encoding)) {
        for (let from = 0; from < rows.length; from += batchItems) {
          if (signal?.aborted) return;
          const found: Found[] = [];
          try {
            for (const row of rows.slice(from, from + batchItems)) {
              onProgress({ done: Math.min(size, row.endByte), total: size, unit: 'bytes' });
              readRow(row, found);
            }
          } finally {
            yield found;
          }
        }
      }
      yield [
        ...columnNotes(columns, mapping, captionNames),
        ...splitNotes(name, mapping),
        ...seenNotes(seen, options),
      ];

      function readRow(row: CsvRow, found: Found[]): void {
        if (row.row <= dialect.before) return;
        const isHeader = first && withHeader;
        first = false;
        if (isHeader) return;
        const { fields } = row;
        unreadable = fields?.length === columns.length ? 0 : unreadable + 1;
        if (unreadable > mostUnreadable) throw tellUnreadable(path, row.row);
        if (fields === null) {
          found.push(skipped(row.row, row.problem.replace(/UTF-8$/, 'UTF-8: save the file as UTF-8')));
          return;
        }
        if (fields.length !== columns.length) {
          const had = `${fields.length} column${fields.length === 1 ? '' : 's'}`;
          const quotes =
            fields.length > columns.length ? ': a field with a delimiter in it needs quotes' : '';
          found.push(skipped(row.row, `has ${had} where the header has ${columns.length}${quotes}`));
          return;
        }
        addPairsOfRow(
          found,
          {
            row: row.row,
            image: text(fields, image) ?? '',
            captions: mapping.caption === null ? null : captionsOf(fields),
            label: text(fields, label),
            split: text(fields, split),
          },
          find,
          options,
          seen,
          splitElse,
        );
      }

      function text(fields: readonly string[], at: number | null): string | null {
        return at === null ? null : plain(trimmed(fields[at] ?? '', dialect));
      }

      function captionsOf(fields: readonly string[]): string[] {
        if (captions.length === 1) return captionsIn(text(fields, captions[0] ?? null) ?? '');
        return captions.flatMap((at) => captionsIn(text(fields, at) ?? ''));
      }

      /** A cell is a caption, or a list of them. Our own tables have a row for each. */
      function captionsIn(cell: string): string[] {
        const list = isGuarded || !/^\s*[[(]/.test(cell) ? null : listInCell(cell);
        if (list !== null) seen.lists += 1;
        return list ?? [cell];
      }
    },
  };

  function* dialectNotes(): Generator<Found, void> {
    if (isNameless || !withHeader)
      yield note(
        'no-header',
        `The first row has no column names. The columns are read as ${columns.join(', ')}.`,
      );
    if (dialect.delimiter === ',' && dialect.encoding === 'utf-8') return;
    yield note(
      'dialect',
      `It is read as ${delimiterWords[dialect.delimiter]}, ${dialect.encoding.toUpperCase()}.`,
    );
  }
}

const delimiterWords = {
  ',': 'fields divided by commas',
  '\t': 'fields divided by tabs',
  ';': 'fields divided by semicolons',
  '|': 'fields divided by pipes',
};

/** Tables with pipes are laid out with spaces around them. */
function trimmed(text: string, { delimiter }: Dialect): string {
  return delimiter === '|' ? text.trim() : text;
}

/** Whether a first row without known names is a pair already. @throws WorkbenchError for one with web addresses */
function looksLikeRow(path: string, first: readonly string[]): boolean {
  const address = first.findIndex(isWebAddress);
  if (address >= 0) {
    throw new WorkbenchError(
      'bad-input',
      `${path} looks like a file without a header whose column ${address + 1} has web addresses, as CC3M's own: download the pictures first (img2dataset), then import its folder.`,
      { path, column: address + 1 },
    );
  }
  return isRow(first);
}

const isRow = (fields: readonly string[]): boolean =>
  fields.length >= 2 &&
  fields.length <= 6 &&
  fields.filter(hasPictureName).length === 1 &&
  !fields.some(isWebAddress);

function tellUnreadable(path: string, row: number): WorkbenchError {
  const first = row - mostUnreadable;
  return new WorkbenchError(
    'bad-input',
    `${path} cannot be read from row ${first} on: the ${mostUnreadable.toLocaleString('en-GB')} rows after it have other columns than the first row names, or quotes that do not close. Look at row ${first - 1} and ${first}: a quote may be missing, or the delimiter is another.`,
    { path, row: first },
  );
}

/** A header is read strictly: what its row cannot be read for is said. */
async function refuseUnreadableHeader(path: string, { delimiter, encoding, before }: Dialect): Promise<void> {
  for await (const { row, fields, problem } of readCsvRows(path, delimiter, encoding)) {
    if (row <= before) continue;
    if (fields !== null) return;
    throw new WorkbenchError(
      'bad-input',
      `The first row of ${path} ${problem}: it must name the columns. Save the file as CSV in UTF-8.`,
      { path, row: 1 },
    );
  }
}
