import type { DatasetRecord } from '#contract/dataset.ts';
import { numberOf } from './names.ts';
import { readRecords } from './record-rows.ts';
import { type Database, prepare } from './statements.ts';

/**
 * The records at these places in the order of a dataset's keys (by code point, from 0), which import and ids do not
 * change. It walks the index of keys once, whatever the number of places.
 * @param ranks ascending, each below the number of the dataset's records
 */
export function readRecordsAtRanks(
  db: Database,
  datasetId: string,
  ranks: Iterable<number>,
): { rank: number; record: DatasetRecord }[] {
  const next = prepare<{ id: number; key: string }>(
    db,
    'SELECT id, key FROM records WHERE dataset = ? AND key > ? ORDER BY key LIMIT 1 OFFSET ?',
  );
  const dataset = numberOf(db, 'datasets', datasetId);
  const rankOf = new Map<number, number>();
  let after = { key: '', rank: -1 };
  for (const rank of ranks) {
    const row = next.get(dataset, after.key, rank - after.rank - 1);
    if (row === undefined) throw new RangeError(`the dataset has no record of rank ${rank}`);
    rankOf.set(row.id, rank);
    after = { key: row.key, rank };
  }
  return readRecords(db, [...rankOf.keys()]).map((record) => ({ rank: rankOf.get(record.id) ?? 0, record }));
}

/** What captions are made from. */
export interface ClassRecord {
  key: string;
  caption: string;
  name: string | null;
}

/** The training records of a class, by code unit of their keys. */
export function readTrainingRecordsOf(db: Database, datasetId: string, label: string): ClassRecord[] {
  return prepare<ClassRecord>(
    db,
    "SELECT key, caption, name FROM records WHERE dataset = ? AND label = ? AND split = 'train'",
  )
    .all(numberOf(db, 'datasets', datasetId), label)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The records of these keys in a dataset, by id; keys that it has not are left out. */
export function readRecordsByKey(db: Database, datasetId: string, keys: readonly string[]): DatasetRecord[] {
  const rows = prepare<{ id: number }>(
    db,
    'SELECT id FROM records WHERE dataset = ? AND key IN (SELECT value FROM json_each(?))',
  ).all(numberOf(db, 'datasets', datasetId), JSON.stringify(keys));
  return readRecords(
    db,
    rows.map(({ id }) => id),
  );
}
