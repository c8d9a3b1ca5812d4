import { extname, join } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import { pictureFormatOf } from '../pictures/picture-format.ts';
import { openParquet } from '../sources/open-parquet.ts';
import type { ParquetFile } from '../sources/parquet-file.ts';
import { bytesOf } from '../sources/parquet-source.ts';
import { captionColumns, columnNotes, countKnown, guessColumn, mapColumns } from './columns.ts';
import { createPictureFinder } from './find-picture.ts';
import { labelOf, otherThanText, scalar, textsOf } from './jsonl.ts';
import { type Looked, walkFiles } from './look.ts';
import {
  type ColumnMapping,
  type Found,
  inBatches,
  note,
  type ReaderDefinition,
  type ReaderOptions,
  type Reading,
  skipped,
} from './reader.ts';
import { newSeen, pairsOfPicture, pairsOfRow } from './row-pairs.ts';
import { seenNotes } from './seen-notes.ts';
import { splitInName } from './split-names.ts';
import { isWebAddress } from './web-address.ts';

/** Rows that are decoded at once. */
const rowsAtOnce = 64;

/** Parquet files with pictures inside (bytes, or Hugging Face's struct of bytes and path) or with their paths. */
export const parquet: ReaderDefinition = {
  label: 'Parquet',
  async recognise(looked) {
    const files = filesOf(looked);
    if (files.length === 0) return null;
    if (!looked.isFolder) return { fit: 'sure', why: 'it is a Parquet file' };
    const file = await openParquet(join(looked.folder, files[0]!)).catch(() => null);
    if (file === null) return null;
    const rows = await firstRows(file);
    if (picturesIn(file, rows).length > 0)
      return { fit: 'sure', why: `its ${files.length} Parquet files have pictures` };
    // img2dataset writes a table of what it did beside each shard: it has no pictures, and addresses for paths.
    const paths = guessColumn(file.columns, 'image', rows[0]);
    if (paths === null || countKnown(file.columns) < 2 || isWebAddress(pathIn(rows[0]?.[paths]))) return null;
    return { fit: 'plausible', why: `its ${files.length} Parquet files list pictures` };
  },
  open: openFiles,
};

function filesOf({ isFolder, folder, name }: Looked): string[] {
  if (!isFolder) return /\.parquet$/i.test(name) ? [name] : [];
  const found: string[] = [];
  for (const { key } of walkFiles(folder)) {
    if (/\.parquet$/i.test(key)) found.push(key);
    if (found.length > 100_000) break;
  }
  return found;
}

async function openFiles(looked: Looked, options: ReaderOptions): Promise<Reading> {
  const root = looked.folder;
  const names = filesOf(looked);
  if (names.length === 0) {
    throw new WorkbenchError('bad-input', `There is no Parquet file in ${looked.path}.`, {
      path: looked.path,
    });
  }
  const first = await openParquet(join(root, names[0]!));
  const rows = await firstRows(first);
  const withPictures = picturesIn(first, rows);
  const inside = options.imageColumn ?? guessColumn(withPictures, 'image') ?? withPictures[0];
  const asked = { ...options, imageColumn: inside };
  const mapping = mapColumns(first.path, first.columns, asked, rows[0]);
  const captions = captionColumns(first.columns, mapping, options);
  return {
    root,
    columns: { names: first.columns, mapping },
    batches: inBatches(async function* (signal, onProgress) {
      const seen = newSeen();
      const find = createPictureFinder(root);
      let place = 0;
      for (const name of names) {
        const file = await openParquet(join(root, name));
        place += 1;
        const wanted = [
          ...new Set([...Object.values(mapping).filter((column) => column !== null), ...captions]),
        ];
        const lacking = wanted.filter((column) => !file.columns.includes(column));
        if (lacking.length > 0) {
          yield skipped(name, `has no column '${lacking[0]}'`);
          continue;
        }
        const labels = file.classNames(mapping.label);
        for (let start = 0; start < file.rows; start += rowsAtOnce) {
          if (signal?.aborted) return;
          onProgress({
            done: (place - 1) * 100 + Math.floor((100 * start) / file.rows),
            total: names.length * 100,
            unit: 'rows',
          });
          const rows = await file.read(start, Math.min(file.rows, start + rowsAtOnce), wanted);
          for (const [at, values] of rows.entries()) {
            const row = `${name} row ${start + at + 1}`;
            const read = (column: string | null) => (column === null ? null : values[column]);
            const about = {
              row,
              captions: mapping.caption === null ? null : captions.flatMap((column) => textsOf(read(column))),
              noCaption:
                captions.map((column) => otherThanText(read(column))).find((words) => words !== null) ?? null,
              ...labelOf(read(mapping.label), labels),
              split: scalar(read(mapping.split)),
            };
            const cell = read(mapping.image);
            const bytes = bytesOf(cell);
            const splitElse = splitInName(name) ?? 'train';
            if (bytes === null || mapping.image === null) {
              yield* pairsOfRow({ ...about, image: pathIn(cell) }, find, options, seen, splitElse);
              continue;
            }
            const suffix = (pictureFormatOf(bytes)?.toLowerCase() ?? extname(pathIn(cell)).slice(1)) || 'bin';
            yield* pairsOfPicture(
              about,
              {
                row,
                key: `${name}/${String(start + at).padStart(6, '0')}.${suffix === 'jpeg' ? 'jpg' : suffix}`,
                source: { kind: 'parquet', path: name, column: mapping.image, row: start + at },
              },
              options,
              seen,
              splitElse,
            );
          }
        }
      }
      if (names.length > 1) yield note('files', `${names.length} Parquet files were read.`, names.length);
      yield* splitsOfNames(names, mapping);
      const others = withPictures.filter((column) => column !== mapping.image);
      if (others.length > 0)
        yield note(
          'columns',
          `Pictures are read from '${mapping.image}'; ${others.map((column) => `'${column}'`).join(', ')} ${others.length === 1 ? 'has' : 'have'} pictures too (--image-column).`,
          others.length,
        );
      yield* columnNotes(first.columns, mapping, captions);
      yield* seenNotes(seen, options);
    }),
  };
}

/** Says which splits the files are, where no column does; a name without one is training. */
function* splitsOfNames(names: readonly string[], { split }: ColumnMapping): Generator<Found, void> {
  const splits = new Map<string, string[]>();
  for (const name of names) {
    const found = splitInName(name) ?? 'train, as no split is in the name';
    splits.set(found, [...(splits.get(found) ?? []), name]);
  }
  if (split !== null || splits.size < 2) return;
  const words = [...splits].map(
    ([found, files]) => `${files[0]}${files.length > 1 ? ` and ${files.length - 1} more` : ''} (${found})`,
  );
  yield note('splits', `Splits by the names of the files: ${words.join(', ')}.`, splits.size);
}

function pathIn(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'object' && cell !== null && 'path' in cell && typeof cell.path === 'string')
    return cell.path;
  return '';
}

/** Rows whose cells say what a column is: in some there is none. */
const rowsLookedAt = 8;

const firstRows = async (file: ParquetFile): Promise<Record<string, unknown>[]> =>
  file.rows === 0 ? [] : file.read(0, Math.min(file.rows, rowsLookedAt), file.columns);

/** The columns with bytes that are a picture. */
function picturesIn({ columns }: ParquetFile, rows: readonly Record<string, unknown>[]): string[] {
  return columns.filter((column) =>
    rows.some((row) => {
      const bytes = bytesOf(row[column]);
      return bytes !== null && pictureFormatOf(bytes) !== null;
    }),
  );
}
