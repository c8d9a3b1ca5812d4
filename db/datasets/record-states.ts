import type { RecordState } from '#contract/dataset.ts';
import { now, numberOf } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';
import type { ValueCount } from './record-counts.ts';

/** What a check can find instead of a picture as it was imported. */
export type FoundState = Exclude<RecordState, 'ready'>;

/** What a look at its picture alone can find. */
export type FoundPicture = Exclude<FoundState, 'gone'>;

/**
 * Keeps what a check of a dataset's pictures found, in the place of what the check before it did.
 * @param ofSource of its source too: what was gone is as it is found now; else that stays
 */
export function storeStates(
  db: Database,
  datasetId: string,
  found: readonly { recordId: number; state: FoundState }[],
  ofSource = false,
): void {
  inTransaction(db, () => {
    const dataset = numberOf(db, 'datasets', datasetId);
    prepare(db, `DELETE FROM record_states WHERE dataset = ? ${ofSource ? '' : "AND state <> 'gone'"}`).run(
      dataset,
    );
    const insert = prepare(
      db,
      'INSERT INTO record_states (record, dataset, state) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    for (const { recordId, state } of found) insert.run(recordId, dataset, state);
    prepare(db, 'UPDATE datasets SET checks = checks + 1, checked_at = ? WHERE number = ?').run(
      now(),
      dataset,
    );
  });
}

/** When the pictures of a dataset (its number) were last checked; null: never. */
export function checkedAt(db: Database, dataset: number): string | null {
  const row = prepare<{ at: string | null }>(
    db,
    'SELECT checked_at AS at FROM datasets WHERE number = ?',
  ).get(dataset);
  return row?.at ?? null;
}

/** How many records of a dataset (its number) have each state that a check found; the rest are ready. */
export function countStates(db: Database, dataset: number): ValueCount<FoundState>[] {
  return prepare<ValueCount<FoundState>>(
    db,
    'SELECT state AS value, count(*) AS count FROM record_states WHERE dataset = ? GROUP BY state',
  ).all(dataset);
}

/** The states of these records; those that are ready are left out. */
export function readStates(db: Database, recordIds: readonly number[]): Map<number, FoundState> {
  const rows = prepare<{ record: number; state: FoundState }>(
    db,
    'SELECT record, state FROM record_states WHERE record IN (SELECT value FROM json_each(?))',
  ).all(JSON.stringify(recordIds));
  return new Map(rows.map(({ record, state }) => [record, state]));
}
