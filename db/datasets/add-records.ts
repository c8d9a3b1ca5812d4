import SqliteDatabase from 'better-sqlite3';
import { type NewRecord, pictureKeyOf } from '#contract/dataset.ts';
import { numberOf } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';

// Rows are added as JSON arrays, many by one statement: binding the values of each takes twice as long.

type Value = string | number | null;

/** A plain row, of a picture that was not looked at, ends behind its split. */
type Row = [key: string, caption: string, label: string | null, split: string, ...Value[]];

const insertPlain = `INSERT INTO records (dataset, key, caption, label, split, sha256, width, height)
  SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, zeroblob(32), 0, 0 FROM json_each(?)`;

const insertWhole = `INSERT INTO records
    (dataset, key, caption, label, split, picture, source, name, sha256, width, height, look)
  SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
    coalesce(unhex(value ->> 7), zeroblob(32)), coalesce(value ->> 8, 0), coalesce(value ->> 9, 0), unhex(value ->> 10)
  FROM json_each(?)`;

/** Records as one statement adds them. */
export interface PackedRecords {
  /** Rows in JSON. */
  rows: string;
  arePlain: boolean;
  count: number;
  /** Rows that are the first of their picture here. */
  pictures: number;
}

/** Records that are packed together. */
const packedAtOnce = 500;

/** Packs records; another thread may do so than the one that adds them. */
export function packRecords(records: readonly NewRecord[]): PackedRecords {
  const keys = keysOf(records);
  return pack(records.map((record, at) => toRow(record, keys[at] ?? record.key)));
}

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
    const pictures = addRows(db, dataset, packed, new Map());
    prepare(db, 'UPDATE datasets SET records = records + ?, pictures = pictures + ? WHERE number = ?').run(
      packed.count,
      pictures,
      dataset,
    );
  });
}

/**
 * Adds rows by one statement, or part by part where a key is taken.
 * @param places the last that the pairs of each picture were given
 * @returns how many pictures were new
 */
function addRows(db: Database, dataset: number, packed: PackedRecords, places: Map<string, number>): number {
  if (packed.count === 0) return 0;
  if (addAll(db, dataset, packed)) return packed.pictures;
  const rows: Row[] = JSON.parse(packed.rows);
  if (rows.length > 1) {
    const half = Math.ceil(rows.length / 2);
    const first = addRows(db, dataset, pack(rows.slice(0, half)), places);
    return first + addRows(db, dataset, pack(rows.slice(half)), places);
  }
  const [key, caption, label, split, own = null, ...rest] = rows[0]!;
  const picture = String(own ?? key);
  let place = places.get(picture) ?? countPairs(db, dataset, picture);
  do place += 1;
  while (!addAll(db, dataset, pack([[`${picture}#${place}`, caption, label, split, picture, ...rest]])));
  places.set(picture, place);
  return 0;
}

/** Adds all rows or none. @returns false where a key is taken */
function addAll(db: Database, dataset: number, { rows, arePlain }: PackedRecords): boolean {
  try {
    prepare(db, arePlain ? insertPlain : insertWhole).run(dataset, rows);
    return true;
  } catch (error) {
    if (error instanceof SqliteDatabase.SqliteError && error.code === 'SQLITE_CONSTRAINT_UNIQUE')
      return false;
    throw error;
  }
}

function pack(rows: readonly Row[]): PackedRecords {
  return {
    rows: JSON.stringify(rows),
    arePlain: rows.every(({ length }) => length === 4),
    count: rows.length,
    pictures: rows.reduce((pictures, [, , , , own]) => pictures + Number(own == null), 0),
  };
}

function toRow(record: NewRecord, key: string): Row {
  const { label, name, split, sha256, width, height, source, look } = record;
  const picture = pictureKeyOf(record);
  const own = picture === key ? null : picture;
  const row: Row = [
    wellFormed(key),
    wellFormed(record.caption),
    label === null ? null : wellFormed(label),
    split,
  ];
  if (sha256 === null && own === null && source === undefined && name === null) return row;
  row.push(
    own === null ? null : wellFormed(own),
    source === undefined ? null : JSON.stringify(source),
    name === null ? null : wellFormed(name),
    sha256,
    width,
    height,
    own === null && look !== undefined ? Buffer.from(look).toString('hex') : null,
  );
  return row;
}

/** Half of a surrogate pair is U+FFFD in UTF-8; SQLite's JSON makes three of it. */
const wellFormed = (text: string): string => text.toWellFormed();

/** The keys of records as they are where the dataset has none of their pictures yet. */
function keysOf(records: readonly NewRecord[]): string[] {
  const taken = new Set<string>();
  const places = new Map<string, number>();
  return records.map((record) => {
    const picture = pictureKeyOf(record);
    let { key } = record;
    while (taken.has(key)) {
      const place = (places.get(picture) ?? 1) + 1;
      places.set(picture, place);
      key = `${picture}#${place}`;
    }
    taken.add(key);
    return key;
  });
}

/** How many keys a picture's records have taken, at least. */
function countPairs(db: Database, dataset: number, picture: string): number {
  const row = prepare<{ count: number }>(
    db,
    "SELECT count(*) AS count FROM records WHERE dataset = ? AND key >= ? || '#' AND key < ? || '$'",
  ).get(dataset, picture, picture);
  return (row?.count ?? 0) + 1;
}
