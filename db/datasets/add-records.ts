import SqliteDatabase from 'better-sqlite3';
import type { NewRecord } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { numberOf } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';
import { type PackedRecords, packRecords, packRows, type Row } from './pack-records.ts';
import { addBlock } from './record-blocks.ts';

// Rows are added as JSONB, many by one statement: binding the values of each takes twice as long.

const insertPlain = `INSERT INTO records (dataset, key, caption, label, split, sha256, width, height)
  SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, zeroblob(32), 0, 0 FROM jsonb_each(?)`;

const insertWhole = `INSERT INTO records
    (dataset, key, caption, label, split, picture, source, name, sha256, width, height, look)
  SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
    coalesce(unhex(value ->> 7), zeroblob(32)), coalesce(value ->> 8, 0), coalesce(value ->> 9, 0), unhex(value ->> 10)
  FROM jsonb_each(?)`;

/** Records that are packed together. */
const packedAtOnce = 500;

/**
 * Adds records in one transaction: all or none. A key that the dataset has already is another pair of that picture,
 * and gets `#2`, `#3` ... behind it.
 */
export function addRecords(db: Database, datasetId: string, records: readonly NewRecord[]): void {
  inTransaction(db, () => {
    for (let from = 0; from < records.length; from += packedAtOnce)
      addPacked(db, datasetId, packRecords(records.slice(from, from + packedAtOnce)));
  });
}

/** {@link addRecords} of what was packed. */
export function addPacked(db: Database, datasetId: string, packed: PackedRecords): void {
  inTransaction(db, () => {
    const dataset = numberOf(db, 'datasets', datasetId);
    if (packed.count === 0) return;
    const { pictures, last } = addRows(db, dataset, packed);
    addBlock(db, dataset, last - packed.count + 1, packed);
    prepare(db, 'UPDATE datasets SET records = records + ?, pictures = pictures + ? WHERE number = ?').run(
      packed.count,
      pictures,
      dataset,
    );
  });
}

/**
 * Adds rows by one statement, which gives them ids that follow each other; where a key is taken, those of its picture get
 * others first.
 * @returns how many pictures were new, and the last id
 */
function addRows(db: Database, dataset: number, packed: PackedRecords): { pictures: number; last: number } {
  const last = addAll(db, dataset, packed);
  if (last !== null) return { pictures: packed.pictures, last };
  const text = prepare<{ rows: string }>(db, 'SELECT json(?) AS rows').get(packed.rows);
  const renumbered = packRows(renumber(db, dataset, JSON.parse(text?.rows ?? '[]')));
  const lastOfThem = addAll(db, dataset, renumbered);
  if (lastOfThem !== null) return { pictures: renumbered.pictures, last: lastOfThem };
  throw new WorkbenchError('internal', 'Records have keys that are taken.', { dataset });
}

/** Rows with other keys for the pictures of which one is taken, in the order of the rows. */
function renumber(db: Database, dataset: number, rows: readonly Row[]): Row[] {
  const pictureOf = ([key, , , , own = null]: Row) => String(own ?? key);
  const taken = takenKeys(db, dataset, rows);
  const hit = new Set(rows.filter(([key]) => taken.has(key)).map(pictureOf));
  const stays = (row: Row) => !hit.has(pictureOf(row)) || (row[4] == null && !taken.has(row[0]));
  const keys = new Set(rows.filter(stays).map(([key]) => key));
  const places = new Map<string, number>();
  const look = prepare(db, 'SELECT 1 FROM records WHERE dataset = ? AND key = ?');
  const isTaken = (key: string) => look.get(dataset, key) !== undefined;
  return rows.map((row) => {
    if (stays(row)) return row;
    const picture = pictureOf(row);
    let place = places.get(picture) ?? countPairs(db, dataset, picture);
    do place += 1;
    while (keys.has(`${picture}#${place}`) || isTaken(`${picture}#${place}`));
    places.set(picture, place);
    const [, caption, label, split, , ...rest] = row;
    return [`${picture}#${place}`, caption, label, split, picture, ...rest];
  });
}

function takenKeys(db: Database, dataset: number, rows: readonly Row[]): Set<string> {
  const found = prepare<{ key: string }>(
    db,
    'SELECT key FROM records WHERE dataset = ? AND key IN (SELECT value FROM json_each(?))',
  ).all(dataset, JSON.stringify(rows.map(([key]) => key)));
  return new Set(found.map(({ key }) => key));
}

/** Adds all rows or none. @returns the last id; null where a key is taken */
function addAll(db: Database, dataset: number, { rows, arePlain }: PackedRecords): number | null {
  try {
    return Number(prepare(db, arePlain ? insertPlain : insertWhole).run(dataset, rows).lastInsertRowid);
  } catch (error) {
    if (error instanceof SqliteDatabase.SqliteError && error.code === 'SQLITE_CONSTRAINT_UNIQUE') return null;
    throw error;
  }
}

/** How many keys a picture's records have taken, at least. */
function countPairs(db: Database, dataset: number, picture: string): number {
  const row = prepare<{ count: number }>(
    db,
    "SELECT count(*) AS count FROM records WHERE dataset = ? AND key >= ? || '#' AND key < ? || '$'",
  ).get(dataset, picture, picture);
  return (row?.count ?? 0) + 1;
}
