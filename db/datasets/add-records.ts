import SqliteDatabase from 'better-sqlite3';
import { type NewRecord, pictureKeyOf } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { encodeLists, type JsonbValue } from '../jsonb.ts';
import { numberOf } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';
import { addBlock, createFacets, type Facets } from './record-blocks.ts';

// Rows are added as JSONB, many by one statement: binding the values of each takes twice as long.

/** A plain row, of a picture that was not looked at, ends behind its split. */
type Row = [key: string, caption: string, label: string | null, split: string, ...JsonbValue[]];

const insertPlain = `INSERT INTO records (dataset, key, caption, label, split, sha256, width, height)
  SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, zeroblob(32), 0, 0 FROM jsonb_each(?)`;

const insertWhole = `INSERT INTO records
    (dataset, key, caption, label, split, picture, source, name, sha256, width, height, look)
  SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
    coalesce(unhex(value ->> 7), zeroblob(32)), coalesce(value ->> 8, 0), coalesce(value ->> 9, 0), unhex(value ->> 10)
  FROM jsonb_each(?)`;

/** Records as one statement adds them. */
export interface PackedRecords extends Facets {
  /** Rows in JSONB. */
  rows: Uint8Array;
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
  const renumbered = pack(renumber(db, dataset, JSON.parse(text?.rows ?? '[]')));
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

function pack(rows: readonly Row[]): PackedRecords {
  const facets = createFacets();
  let pictures = 0;
  let arePlain = true;
  for (const { length, 2: label, 3: split, 4: own } of rows) {
    facets.add(split, label);
    if (own == null) pictures += 1;
    if (length !== 4) arePlain = false;
  }
  return { rows: encodeLists(rows), arePlain, count: rows.length, pictures, ...facets.take() };
}

function toRow(record: NewRecord, key: string): Row {
  const { label, name, split, sha256, width, height, source, look } = record;
  const picture = wellFormed(pictureKeyOf(record));
  const own = picture === key ? null : picture;
  const row: Row = [key, wellFormed(record.caption), label === null ? null : wellFormed(label), split];
  if (sha256 === null && own === null && source === undefined && name === null) return row;
  row.push(
    own,
    source === undefined ? null : JSON.stringify(source),
    name === null ? null : wellFormed(name),
    sha256,
    width,
    height,
    own === null && look !== undefined ? Buffer.from(look).toString('hex') : null,
  );
  return row;
}

/** Half of a surrogate pair is U+FFFD in UTF-8, here too, so that keys are compared as they are kept. */
const wellFormed = (text: string): string => text.toWellFormed();

/** The keys of records as they are where the dataset has none of their pictures yet. */
function keysOf(records: readonly NewRecord[]): string[] {
  const taken = new Set<string>();
  const places = new Map<string, number>();
  return records.map((record) => {
    const picture = pictureKeyOf(record);
    let key = wellFormed(record.key);
    while (taken.has(key)) {
      const place = (places.get(picture) ?? 1) + 1;
      places.set(picture, place);
      key = `${wellFormed(picture)}#${place}`;
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
