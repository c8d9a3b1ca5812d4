import type { DatasetRecord } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { type Database, prepare } from '../statements.ts';
import { recordColumns, type StoredRecord, toRecord } from './stored-record.ts';

/** The records of these ids in ascending order; ids that do not exist are left out. */
export function readRecords(db: Database, ids: readonly number[]): DatasetRecord[] {
  return prepare<StoredRecord>(
    db,
    `SELECT ${recordColumns} FROM records r JOIN datasets d ON d.number = r.dataset
     WHERE r.id IN (SELECT value FROM json_each(?)) AND d.state = 'ready' ORDER BY r.id`,
  )
    .all(JSON.stringify(ids))
    .map(toRecord);
}

/** All records of a picture (its key) in a dataset, in the order of their ids. */
export function readPictureRecords(db: Database, datasetId: string, picture: string): DatasetRecord[] {
  return prepare<StoredRecord>(
    db,
    `SELECT ${recordColumns} FROM records r JOIN datasets d ON d.number = r.dataset
     WHERE d.id = ? AND (r.key = ? OR (r.key > ? || '#' AND r.key < ? || '$' AND r.picture = ?))
       AND coalesce(r.picture, r.key) = ? ORDER BY r.id`,
  )
    .all(datasetId, picture, picture, picture, picture, picture)
    .map(toRecord);
}

/** Throws `not-found`. */
export function readRecord(db: Database, id: number): DatasetRecord {
  const [record] = readRecords(db, [id]);
  if (record !== undefined) return record;
  throw new WorkbenchError(
    'not-found',
    `There is no record ${id}: its dataset may have been deleted. Go back to the datasets.`,
    { recordId: id },
  );
}

/** How a variant changes a record. */
export interface RecordChange {
  recordId: number;
  variantId: string;
  variant: string;
  newCaption: string;
  renderedSha256: string;
}

/** How variants change these records: by record, then oldest variant first. */
export function readChanges(db: Database, recordIds: readonly number[]): RecordChange[] {
  return prepare<RecordChange>(
    db,
    `SELECT c.record AS recordId, v.id AS variantId, v.name AS variant, c.new_caption AS newCaption,
       lower(hex(c.rendered_sha256)) AS renderedSha256
     FROM variant_records c JOIN variants v ON v.number = c.variant
     WHERE c.record IN (SELECT value FROM json_each(?)) ORDER BY c.record, v.number`,
  ).all(JSON.stringify(recordIds));
}
