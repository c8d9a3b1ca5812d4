import type { Split } from '#contract/dataset.ts';
import { type Database, prepare } from '../statements.ts';
import { idSpan, labelPlaceOf, labelPlaces, readBlocks, splitPlaceOf, splits } from './record-blocks.ts';

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
  const places = labelPlaces(db, dataset);
  const bySplit = new Uint32Array(splits.length);
  const byLabel = new Uint32Array(places.size + 1);
  for (const { facets } of readBlocks(db, dataset)) {
    for (let at = 0; at < facets.length; at += 1) {
      const facet = facets[at] as number;
      bySplit[splitPlaceOf(facet)]! += 1;
      byLabel[labelPlaceOf(facet)]! += 1;
    }
  }
  const insert = prepare(db, 'INSERT INTO record_counts (dataset, facet, value, count) VALUES (?, ?, ?, ?)');
  const store = (facet: 'split' | 'label', value: string | null, count = 0) => {
    if (count > 0) insert.run(dataset, facet, value, count);
  };
  for (const [place, split] of splits.entries()) store('split', split, bySplit[place]);
  for (const [label, place] of [[null, 0] as const, ...places]) store('label', label, byLabel[place]);
  const classes = labelCounts(db, dataset).flatMap(({ value }) => value ?? []);
  prepare(db, 'UPDATE datasets SET classes = ? WHERE number = ?').run(JSON.stringify(classes), dataset);
}

/** How many pictures of a dataset (its number) have records of several classes. */
export function countSeveralClasses(db: Database, dataset: number): number {
  const span = idSpan(db, dataset);
  if (span === null) return 0;
  const row = prepare<{ count: number }>(
    db,
    `SELECT count(*) AS count FROM (SELECT 1 FROM records
     WHERE +dataset = ? AND id BETWEEN ? AND ? AND label IS NOT NULL
     GROUP BY coalesce(picture, key) HAVING min(label) <> max(label))`,
  ).get(dataset, span.first, span.last);
  return row?.count ?? 0;
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
