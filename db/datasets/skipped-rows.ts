import type { SkippedRow } from '#contract/dataset.ts';
import { type Database, prepare } from '../statements.ts';

/** Rows that are kept of an import: enough to see what is wrong with the rest. */
const keptRows = 1_000;

/** What an import left out: the first rows, and how many there were. */
export interface LeftOut {
  rows: readonly SkippedRow[];
  total: number;
}

/** Keeps what an import left out of a dataset (its number): the first rows, and how many there were. */
export function storeSkipped(db: Database, dataset: number, { rows, total }: LeftOut): void {
  prepare(db, 'UPDATE datasets SET skipped = ? WHERE number = ?').run(total, dataset);
  prepare(db, 'DELETE FROM skipped_rows WHERE dataset = ?').run(dataset);
  const insert = prepare(db, 'INSERT INTO skipped_rows (dataset, place, source, reason) VALUES (?, ?, ?, ?)');
  for (const [place, { row, reason }] of rows.slice(0, keptRows).entries()) {
    insert.run(dataset, place, row, reason);
  }
}

/** How many rows the import of a dataset (its number) left out. */
export function countSkipped(db: Database, dataset: number): number {
  return (
    prepare<{ skipped: number }>(db, 'SELECT skipped FROM datasets WHERE number = ?').get(dataset)?.skipped ??
    0
  );
}

/** The first rows that were left out, in the order of their source; at most 1,000. */
export function listSkippedRows(db: Database, dataset: number): SkippedRow[] {
  return prepare<SkippedRow>(
    db,
    'SELECT source AS row, reason FROM skipped_rows WHERE dataset = ? ORDER BY place',
  ).all(dataset);
}
