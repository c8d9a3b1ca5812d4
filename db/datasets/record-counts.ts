import type { Split } from '#contract/dataset.ts';
import { type Database, prepare } from '../statements.ts';

/** A value of a facet (null: none) with the number of records that have it. */
export interface ValueCount<T extends string = string> {
  value: T | null;
  count: number;
}

/** Counts a dataset's records by split and by label and keeps the counts: records never change. */
export function storeCounts(db: Database, dataset: number): void {
  for (const column of ['split', 'label'] as const) {
    prepare(
      db,
      `INSERT INTO record_counts SELECT dataset, '${column}', ${column}, count(*) FROM records
       WHERE dataset = ? GROUP BY ${column}`,
    ).run(dataset);
  }
}

/** How many records of a dataset (its number) have each split that occurs. */
export function splitCounts(db: Database, dataset: number): ValueCount<Split>[] {
  return prepare<ValueCount<Split>>(
    db,
    "SELECT value, count FROM record_counts WHERE dataset = ? AND facet = 'split'",
  ).all(dataset);
}

/** How many records of a dataset (its number) have each label, by code point; without a label (null) first. */
export function labelCounts(db: Database, dataset: number): ValueCount[] {
  return prepare<ValueCount>(
    db,
    "SELECT value, count FROM record_counts WHERE dataset = ? AND facet = 'label' ORDER BY value",
  ).all(dataset);
}
