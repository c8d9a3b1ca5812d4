import { setImmediate } from 'node:timers/promises';
import { dropParts } from '../captions/build-part.ts';
import { namesOfParts } from '../captions/caption-parts.ts';
import { acquireProcessLock, removeLockFile } from '../process-lock.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';
import { hideDataset } from './datasets.ts';

/** Rows that are deleted at once, so that other programs can write in between. */
const deletedAtOnce = 5_000;

/**
 * Deletes a dataset with its records, tags and views; pictures stay. It is out of sight at once, its rows go in
 * parts: other work goes on in between, and where the program dies, the next opening deletes what is left.
 *
 * Throws `not-found`; `conflict` while variants, runs or evaluations use it.
 */
export async function deleteDataset(db: Database, datasetId: string): Promise<void> {
  const lockPath = lockPathOf(db, datasetId);
  const lock = acquireProcessLock(lockPath);
  try {
    hideDataset(db, datasetId);
    for (const _ of removeDataset(db, datasetId)) await setImmediate();
  } finally {
    lock?.release();
    if (lock !== null) removeLockFile(lockPath);
  }
}

/** The lock of a program that fills or removes a hidden dataset. */
export function lockPathOf(db: Database, datasetId: string): string {
  return `${db.name}.${datasetId}.lock`;
}

/** Deletes a hidden dataset with all that hangs on it, a part per step; once begun it can be begun again. */
export function* removeDataset(db: Database, datasetId: string): Generator<void> {
  const row = prepare<{ number: number }>(db, 'SELECT number FROM datasets WHERE id = ?').get(datasetId);
  if (row === undefined) return;
  const captionParts = namesOfParts(db, row.number);
  const parts = [
    `DELETE FROM record_tags WHERE (tag, record) IN (SELECT tag, record FROM record_tags
     WHERE tag IN (SELECT number FROM tags WHERE dataset = ?) LIMIT ${deletedAtOnce})`,
    'DELETE FROM tags WHERE dataset = ?',
    'DELETE FROM saved_views WHERE dataset = ?',
    'DELETE FROM record_counts WHERE dataset = ?',
    'DELETE FROM key_order WHERE dataset = ?',
    'DELETE FROM skipped_rows WHERE dataset = ?',
    'DELETE FROM duplicate_pictures WHERE dataset = ?',
    'DELETE FROM duplicate_groups WHERE dataset = ?',
    `DELETE FROM record_states WHERE record IN (SELECT record FROM record_states WHERE dataset = ? LIMIT ${deletedAtOnce})`,
  ];
  for (const sql of parts) {
    const remove = prepare(db, sql);
    while (remove.run(row.number).changes > 0) yield;
  }
  while (removeBlock(db, row.number)) yield;
  prepare(db, 'DELETE FROM datasets WHERE number = ?').run(row.number);
  dropParts(db.name, captionParts);
}

/** Deletes a block of records; false where there is none. */
function removeBlock(db: Database, dataset: number): boolean {
  return inTransaction(db, () => {
    const block = prepare<{ first: number; records: number }>(
      db,
      'SELECT first, records FROM record_blocks WHERE dataset = ? ORDER BY first LIMIT 1',
    ).get(dataset);
    if (block === undefined) return false;
    const { first, records } = block;
    prepare(db, 'DELETE FROM records WHERE id >= ? AND id < ?').run(first, first + records);
    prepare(db, 'DELETE FROM record_blocks WHERE dataset = ? AND first = ?').run(dataset, first);
    return true;
  });
}
