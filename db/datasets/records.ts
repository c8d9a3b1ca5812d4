import type { DatasetRecord, Split } from '#contract/dataset.ts';
import { numberOf } from '../names.ts';
import { type Database, prepare, type SqlValue } from '../statements.ts';
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
