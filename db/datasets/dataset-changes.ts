import type { Dataset, NewRecord } from '#contract/dataset.ts';
import { forgetPartOf } from '../captions/caption-parts.ts';
import { numberOf } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';
import { addRecords } from './add-records.ts';
import { findDataset, refuseUsed } from './datasets.ts';
import { orderSomeKeys } from './key-order.ts';
import { renewBlocks } from './record-blocks.ts';
import { countClasses } from './record-counts.ts';
import { type FoundState, storeStates } from './record-states.ts';
import { type LeftOut, storeSkipped } from './skipped-rows.ts';

// What changes a dataset in its place. Numbers are traced to records, so nothing may use it.

/** How a dataset was read, as JSON; null: imported before that was kept. */
export function readImportRequest(db: Database, datasetId: string): unknown {
  const row = prepare<{ request: string | null }>(
    db,
    'SELECT import_request AS request FROM datasets WHERE id = ?',
  ).get(datasetId);
  return JSON.parse(row?.request ?? 'null');
}

export function storeImportRequest(db: Database, datasetId: string, request: unknown): void {
  prepare(db, 'UPDATE datasets SET import_request = ? WHERE id = ?').run(JSON.stringify(request), datasetId);
}

/** How a record is called from now on. */
export interface RecordEdit {
  id: number;
  label: string;
  caption: string;
}

/**
 * Gives records other classes and captions, all or none.
 * @param request how the dataset is read again; null: as before
 * @throws WorkbenchError `conflict` while anything uses the dataset
 */
export function editRecords(
  db: Database,
  datasetId: string,
  edits: Iterable<RecordEdit>,
  request: unknown = null,
): Dataset {
  return inTransaction(db, () => {
    refuseUsed(
      db,
      datasetId,
      'its classes cannot be changed in its place. Make a new dataset with the names.',
    );
    const number = numberOf(db, 'datasets', datasetId);
    const before = prepare<{ caption: string }>(db, 'SELECT caption FROM records WHERE id = ?');
    const update = prepare(db, 'UPDATE records SET label = ?, caption = ? WHERE id = ?');
    for (const { id, label, caption } of edits) {
      if ((before.get(id)?.caption ?? caption) !== caption) forgetPartOf(db, number, id);
      update.run(label, caption, id);
    }
    renewBlocks(db, number);
    countClasses(db, number);
    if (request !== null) storeImportRequest(db, datasetId, request);
    return bump(db, datasetId, number);
  });
}

/** What reading a dataset's source again found. */
export interface Refreshed {
  /** New pairs; the dataset must be in nobody's use where there are any. */
  added: readonly NewRecord[];
  states: readonly { recordId: number; state: FoundState }[];
  skipped: LeftOut;
}

/**
 * Adds what is new in a dataset's source and marks what is gone or another picture, all or nothing.
 * @throws WorkbenchError `conflict` where there is anything to add while anything uses the dataset
 */
export function refreshRecords(
  db: Database,
  datasetId: string,
  { added, states, skipped }: Refreshed,
): Dataset {
  return inTransaction(db, () => {
    const number = numberOf(db, 'datasets', datasetId);
    storeStates(db, datasetId, states, true);
    storeSkipped(db, number, skipped);
    if (added.length === 0) return findDataset(db, datasetId);
    refuseUsed(db, datasetId, 'nothing can be added to it.');
    addRecords(db, datasetId, added);
    prepare(db, 'DELETE FROM key_order WHERE dataset = ?').run(number);
    while (orderSomeKeys(db, datasetId));
    countClasses(db, number);
    return bump(db, datasetId, number);
  });
}

function bump(db: Database, datasetId: string, number: number): Dataset {
  prepare(db, 'UPDATE datasets SET revision = revision + 1 WHERE number = ?').run(number);
  return findDataset(db, datasetId);
}
