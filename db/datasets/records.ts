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

/**
 * Adds records in one transaction: all or none. A key that the dataset has already is another pair of that picture,
 * and gets `#2`, `#3` ... behind it. @returns how many pictures were new
 */
export function addRecords(db: Database, datasetId: string, records: readonly NewRecord[]): number {
  const insert = prepare(
    db,
    `INSERT INTO records (dataset, key, picture, source, caption, label, name, split, sha256, width, height, look)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  return inTransaction(db, () => {
    const dataset = numberOf(db, 'datasets', datasetId);
    let pictures = 0;
    for (const record of records) {
      const { caption, label, name, split, sha256, width, height, source, look = null } = record;
      const add = (key: string, picture: string | null): boolean =>
        insert.run(
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
        ).changes === 1;
      const picture = pictureKeyOf(record);
      if (add(record.key, picture === record.key ? null : picture)) {
        if (picture === record.key) pictures += 1;
        continue;
      }
      let place = countPairs(db, dataset, picture) + 1;
      while (!add(`${picture}#${place}`, picture)) place += 1;
    }
    prepare(db, 'UPDATE datasets SET records = records + ?, pictures = pictures + ? WHERE number = ?').run(
      records.length,
      pictures,
      dataset,
    );
    return pictures;
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
