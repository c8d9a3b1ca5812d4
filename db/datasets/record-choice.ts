import type { DatasetRecord, Split } from '#contract/dataset.ts';
import { numberOf } from '../names.ts';
import { type Database, prepare } from '../statements.ts';
import { idsWithin } from './record-blocks.ts';
import { readRecords } from './record-rows.ts';

/** What records are chosen among; null: any label. */
export interface RecordLimits {
  splits: readonly Split[];
  labels: readonly (string | null)[] | null;
}

/** Those of the records of these ids that are within limits, in the order of the ids. */
export function readRecordsWithin(
  db: Database,
  ids: readonly number[],
  { splits, labels }: RecordLimits,
): DatasetRecord[] {
  const named = labels?.filter((label) => label !== null) ?? [];
  const found = prepare<{ id: number }>(
    db,
    `SELECT id FROM records WHERE id IN (SELECT value FROM json_each(?)) AND split IN (SELECT value FROM json_each(?))
       AND (? OR label IN (SELECT value FROM json_each(?)) OR (? AND label IS NULL))`,
  ).all(
    JSON.stringify(ids),
    JSON.stringify(splits),
    Number(labels === null),
    JSON.stringify(named),
    Number(labels?.includes(null) ?? false),
  );
  const byId = new Map(
    readRecords(
      db,
      found.map(({ id }) => id),
    ).map((record) => [record.id, record]),
  );
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** What captions are made from. */
export interface ClassRecord {
  key: string;
  caption: string;
  name: string | null;
}

/** The training records of a class, by code unit of their keys. */
export function readTrainingRecordsOf(db: Database, datasetId: string, label: string): ClassRecord[] {
  const ids = idsWithin(db, numberOf(db, 'datasets', datasetId), [label], ['train']);
  return prepare<ClassRecord>(
    db,
    'SELECT key, caption, name FROM records WHERE id IN (SELECT value FROM json_each(?))',
  )
    .all(JSON.stringify(ids))
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
