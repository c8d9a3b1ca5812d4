import type { Split } from '#contract/dataset.ts';
import { type Database, prepare } from '../statements.ts';

/** A value of a facet (null: none) with the number of records that have it. */
export interface ValueCount<T extends string = string> {
  value: T | null;
  count: number;
}

/**
 * Counts a dataset's records (its number) and keeps the counts and the classes that occur, sorted by code point: SQLite
 * compares the bytes of UTF-8, which gives the same order.
 */
export function countClasses(db: Database, dataset: number): void {
  prepare(db, 'DELETE FROM record_counts WHERE dataset = ?').run(dataset);
  prepare(
    db,
    `INSERT INTO record_counts SELECT dataset, 'split', split, count(*) FROM records
     WHERE dataset = ? GROUP BY split`,
  ).run(dataset);
  // Its index leaves out records without a label: they are the rest.
  prepare(
    db,
    `INSERT INTO record_counts SELECT dataset, 'label', label, count(*) FROM records
     WHERE dataset = ? AND label IS NOT NULL GROUP BY label`,
  ).run(dataset);
  prepare(
    db,
    `INSERT INTO record_counts
     SELECT dataset, 'label', NULL, sum(CASE facet WHEN 'split' THEN count ELSE -count END) AS others
     FROM record_counts WHERE dataset = ? GROUP BY dataset HAVING others > 0`,
  ).run(dataset);
  const classes = labelCounts(db, dataset).flatMap(({ value }) => value ?? []);
  prepare(db, 'UPDATE datasets SET classes = ? WHERE number = ?').run(JSON.stringify(classes), dataset);
}

/** How many pictures of a dataset (its number) have records of several classes. */
export const countSeveralClasses = (db: Database, dataset: number): number =>
  prepare<{ count: number }>(
    db,
    `SELECT count(*) AS count FROM (SELECT 1 FROM records WHERE dataset = ? AND label IS NOT NULL
     GROUP BY coalesce(picture, key) HAVING min(label) <> max(label))`,
  ).get(dataset)?.count ?? 0;

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
