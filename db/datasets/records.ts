import SqliteDatabase from 'better-sqlite3';
import { type DatasetRecord, type NewRecord, pictureKeyOf, type Split } from '#contract/dataset.ts';
import { numberOf } from '../names.ts';
import { type Database, inTransaction, prepare, type SqlValue } from '../statements.ts';
import { recordColumns, type StoredRecord, toRecord } from './stored-record.ts';

export interface RecordFilter {
  split?: Split;
  /** true: only records with a label; false: only those without. */
  labelled?: boolean;
}

/** A training pair as a run sees it: with a variant, some are poisoned and carry the variant's caption. */
export interface TrainingRecord {
  record: DatasetRecord;
  /** Which part of the variant's recipe changes it; null: none. */
  part: number | null;
  caption: string;
}

/**
 * Rows are read a page at a time, so that no statement stays open: the database can be written to (by this
 * program too) while a caller takes its time over the records.
 */
const pageRows = 4096;

const columns = 'dataset, key, picture, source, caption, label, name, split, sha256, width, height, look';

/** Records that one statement adds: binding their values is most of what adding them costs. */
const addedAtOnce = 100;

/**
 * Adds records in one transaction: all or none. A key that the dataset has already is another pair of that picture,
 * and gets `#2`, `#3` ... behind it. @returns how many pictures were new
 */
export function addRecords(db: Database, datasetId: string, records: readonly NewRecord[]): number {
  const values = `(${Array.from({ length: 12 }, () => '?').join(', ')})`;
  const insert = prepare(db, `INSERT INTO records (${columns}) VALUES ${values} ON CONFLICT DO NOTHING`);
  const insertMany = prepare(
    db,
    `INSERT INTO records (${columns}) VALUES ${Array.from({ length: addedAtOnce }, () => values).join(', ')}`,
  );
  return inTransaction(db, () => {
    const dataset = numberOf(db, 'datasets', datasetId);
    /** The last place that a picture's pairs were given. */
    const places = new Map<string, number>();
    let pictures = 0;
    const addOne = (record: NewRecord) => {
      const picture = pictureKeyOf(record);
      const add = (key: string, own: string | null) =>
        insert.run(...valuesOf(dataset, record, key, own)).changes === 1;
      if (add(record.key, picture === record.key ? null : picture)) {
        if (picture === record.key) pictures += 1;
        return;
      }
      let place = (places.get(picture) ?? countPairs(db, dataset, picture)) + 1;
      while (!add(`${picture}#${place}`, picture)) place += 1;
      places.set(picture, place);
    };
    for (let from = 0; from < records.length; from += addedAtOnce) {
      const chunk = records.slice(from, from + addedAtOnce);
      const keys = chunk.length === addedAtOnce ? keysOf(chunk) : null;
      if (keys !== null && tryAll(insertMany, dataset, chunk, keys)) {
        for (const [at, record] of chunk.entries()) if (keys[at] === pictureKeyOf(record)) pictures += 1;
      } else for (const record of chunk) addOne(record);
    }
    prepare(db, 'UPDATE datasets SET records = records + ?, pictures = pictures + ? WHERE number = ?').run(
      records.length,
      pictures,
      dataset,
    );
    return pictures;
  });
}

function valuesOf(dataset: number, record: NewRecord, key: string, picture: string | null): SqlValue[] {
  const { caption, label, name, split, sha256, width, height, source, look = null } = record;
  return [
    dataset,
    key,
    picture,
    source === undefined ? null : JSON.stringify(source),
    caption,
    label,
    name,
    split,
    Buffer.from(sha256, 'hex'),
    width,
    height,
    picture === null ? look : null,
  ];
}

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

/** Adds records by one statement, all or none. @returns false where a key is taken */
function tryAll(
  insertMany: ReturnType<typeof prepare>,
  dataset: number,
  records: readonly NewRecord[],
  keys: readonly string[],
): boolean {
  const values = records.flatMap((record, at) => {
    const key = keys[at] ?? record.key;
    const picture = pictureKeyOf(record);
    return valuesOf(dataset, record, key, key === picture ? null : picture);
  });
  try {
    insertMany.run(...values);
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

const isTaken = (error: unknown): boolean =>
  error instanceof SqliteDatabase.SqliteError && error.code === 'SQLITE_CONSTRAINT_UNIQUE';

/** How many keys a picture's records have taken, at least. */
function countPairs(db: Database, dataset: number, picture: string): number {
  const row = prepare<{ count: number }>(
    db,
    "SELECT count(*) AS count FROM records WHERE dataset = ? AND key >= ? || '#' AND key < ? || '$'",
  ).get(dataset, picture, picture);
  return (row?.count ?? 0) + 1;
}

/** The records of a dataset in the order of their ids, which is the order of their import. */
export function* iterateRecords(
  db: Database,
  datasetId: string,
  filter: RecordFilter = {},
): Generator<DatasetRecord, void> {
  const { sql, values } = conditions(numberOf(db, 'datasets', datasetId), filter);
  const page = prepare<StoredRecord>(
    db,
    `SELECT ${recordColumns} FROM records r JOIN datasets d ON d.number = r.dataset WHERE ${sql} AND r.id > ? ORDER BY r.id LIMIT ${pageRows}`,
  );
  let last = 0;
  for (;;) {
    const rows = page.all(...values, last);
    for (const row of rows) {
      last = row.id;
      yield toRecord(row);
    }
    if (rows.length < pageRows) return;
  }
}

export function countRecords(db: Database, datasetId: string, filter: RecordFilter = {}): number {
  const { sql, values } = conditions(numberOf(db, 'datasets', datasetId), filter);
  const row = prepare<{ count: number }>(db, `SELECT count(*) AS count FROM records r WHERE ${sql}`).get(
    ...values,
  );
  return row?.count ?? 0;
}

/** The train records of a dataset in the order of their ids, changed by the variant where one is given. */
export function* iterateTrainingRecords(
  db: Database,
  datasetId: string,
  variantId: string | null,
): Generator<TrainingRecord, void> {
  const changes = variantId === null ? new Map<number, Change>() : changesOf(db, variantId);
  for (const record of iterateRecords(db, datasetId, { split: 'train' })) {
    const change = changes.get(record.id);
    yield { record, part: change?.part ?? null, caption: change?.caption ?? record.caption };
  }
}

interface Change {
  caption: string;
  part: number;
}

function changesOf(db: Database, variantId: string): Map<number, Change> {
  const rows = prepare<{ record: number } & Change>(
    db,
    'SELECT record, new_caption AS caption, part FROM variant_records WHERE variant = ?',
  ).all(numberOf(db, 'variants', variantId));
  return new Map(rows.map(({ record, ...change }) => [record, change]));
}

/** `+` keeps SQLite from choosing the index by label, which would not give the rows in the order of ids. */
function conditions(dataset: number, filter: RecordFilter): { sql: string; values: SqlValue[] } {
  const terms = ['r.dataset = ?'];
  const values: SqlValue[] = [dataset];
  if (filter.split !== undefined) {
    terms.push('r.split = ?');
    values.push(filter.split);
  }
  if (filter.labelled !== undefined) terms.push(`+r.label IS ${filter.labelled ? 'NOT NULL' : 'NULL'}`);
  return { sql: terms.join(' AND '), values };
}
