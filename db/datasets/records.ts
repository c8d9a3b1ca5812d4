import type { DatasetRecord, Split } from '#contract/dataset.ts';
import { numberOf } from '../names.ts';
import { type Database, prepare, type SqlValue } from '../statements.ts';
import { idSpans, labelPlaceOf, readBlocks, splitPlaceOf, splits } from './record-blocks.ts';
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
  const { sql, values } = conditions(filter);
  const page = prepare<StoredRecord>(
    db,
    `SELECT ${recordColumns} FROM records r CROSS JOIN datasets d ON d.number = r.dataset
     WHERE r.id > ? AND r.id <= ?${sql} ORDER BY r.id LIMIT ${pageRows}`,
  );
  for (const { first, last } of idSpans(db, numberOf(db, 'datasets', datasetId))) {
    for (let after = first - 1; ; ) {
      const rows = page.all(after, last, ...values);
      for (const row of rows) {
        after = row.id;
        yield toRecord(row);
      }
      if (rows.length < pageRows) break;
    }
  }
}

export function countRecords(
  db: Database,
  datasetId: string,
  { split, labelled }: RecordFilter = {},
): number {
  const wanted = split === undefined ? null : splits.indexOf(split);
  let count = 0;
  for (const { facets } of readBlocks(db, numberOf(db, 'datasets', datasetId))) {
    for (let at = 0; at < facets.length; at += 1) {
      const facet = facets[at] as number;
      if (wanted !== null && splitPlaceOf(facet) !== wanted) continue;
      if (labelled === undefined || labelPlaceOf(facet) > 0 === labelled) count += 1;
    }
  }
  return count;
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

function conditions({ split, labelled }: RecordFilter): { sql: string; values: SqlValue[] } {
  const terms: string[] = [];
  if (split !== undefined) terms.push(' AND r.split = ?');
  if (labelled !== undefined) terms.push(` AND r.label IS ${labelled ? 'NOT NULL' : 'NULL'}`);
  return { sql: terms.join(''), values: split === undefined ? [] : [split] };
}
