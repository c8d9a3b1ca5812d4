import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { Dataset, NewDataset, NewRecord } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { whenWritable } from '../busy.ts';
import { indexNextPart } from '../captions/build-part.ts';
import { createId, now, numberOf, refuseTakenName } from '../names.ts';
import { acquireProcessLock, removeLockFile } from '../process-lock.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';
import { addPacked, addRecords } from './add-records.ts';
import { lockPathOf, removeDataset } from './dataset-removal.ts';
import { toStoredRoot } from './dataset-roots.ts';
import { findDataset } from './datasets.ts';
import { orderSomeKeys } from './key-order.ts';
import type { PackedRecords } from './pack-records.ts';
import { countClasses } from './record-counts.ts';
import { type LeftOut, storeSkipped } from './skipped-rows.ts';

const nothing: LeftOut = { rows: [], total: 0 };

/** How far an import has come. */
export interface ImportProgress {
  /** What is imported and how, as a hash: only the same import goes on. */
  fingerprint: string;
  /** Items of its source that are done. */
  items: number;
  /** A hash over those items: where the source has changed meanwhile, it begins anew. */
  digest: string;
  /** What the importer knows of them. */
  state: unknown;
}

const progressSchema = z.object({
  fingerprint: z.string(),
  items: z.number().int(),
  digest: z.string(),
  state: z.unknown(),
});

/** An import that was cut short and is not found again for so long is removed. */
const keptDays = 14;

/** An import under way: nobody sees the dataset until finish(). */
export interface DatasetImport {
  datasetId: string;
  /** How far an earlier program had come with it, that died; null: it is new. */
  resumed: ImportProgress | null;
  /** Adds records in the order given, all or none. */
  add(records: readonly NewRecord[]): void;
  /** {@link add} of what was packed, with how far the import has come; through another connection where one is given. */
  addPacked(packed: PackedRecords, progress: ImportProgress, writer?: Database): void;
  /** After the last add(): puts the next keys in order; false where all are. finish() does what is left. */
  orderSome(): boolean;
  /** Indexes the next captions; false where all are that were added. finish() does what is left. */
  indexSome(): boolean;
  /** Makes the dataset visible, with what was left out of it. */
  finish(skipped?: LeftOut): Dataset;
  /** Removes all that was added. */
  abandon(): void;
}

/**
 * Starts a dataset that appears with finish() or never: while it is filled, which may take hours, other
 * programs read and write as they like. A lock that dies with this process marks it as alive; what a killed
 * import leaves is removed when the database is next opened, unless it can go on: then the same import (by its
 * fingerprint and name) takes it up.
 *
 * Throws `conflict` where the name is taken.
 */
export function beginImport(
  db: Database,
  dataset: NewDataset,
  fingerprint: string | null = null,
): DatasetImport {
  const left = fingerprint === null ? null : takeUp(db, dataset.name, fingerprint);
  const datasetId = left?.datasetId ?? createId('datasets');
  const lockPath = lockPathOf(db, datasetId);
  const lock = acquireProcessLock(lockPath);
  if (lock === null) throw new WorkbenchError('internal', `The lock ${lockPath} of a new import is held.`);
  const unlock = () => {
    lock.release();
    removeLockFile(lockPath);
  };
  try {
    if (left === null) insertImporting(db, datasetId, dataset);
  } catch (error) {
    unlock();
    throw error;
  }
  const orderSome = () => orderSomeKeys(db, datasetId);
  const indexSome = () => indexNextPart(db, numberOf(db, 'datasets', datasetId));
  return {
    datasetId,
    resumed: left?.progress ?? null,
    add: (records) => addRecords(db, datasetId, records),
    addPacked: (packed, progress, writer = db) =>
      inTransaction(writer, () => {
        addPacked(writer, datasetId, packed);
        storeProgress(writer, datasetId, progress);
      }),
    orderSome,
    indexSome,
    finish: (skipped = nothing) => {
      while (orderSome() || indexSome());
      finishImport(db, datasetId, skipped);
      unlock();
      return findDataset(db, datasetId);
    },
    abandon: () => {
      for (const _ of removeDataset(db, datasetId));
      unlock();
    },
  };
}

/**
 * Imports a whole dataset from batches as they come; where the batches throw, nothing stays and the error
 * goes on to the caller. While another program holds the database it waits, and this process does other things. Batches of some thousand records are quickest. `skipped` is read at the end.
 */
export async function importDataset(
  db: Database,
  dataset: NewDataset,
  batches: AsyncIterable<readonly NewRecord[]> | Iterable<readonly NewRecord[]>,
  skipped: LeftOut = nothing,
): Promise<Dataset> {
  const started = await whenWritable(db, () => beginImport(db, dataset));
  try {
    for await (const batch of batches) await whenWritable(db, () => started.add(batch));
    while (await whenWritable(db, () => started.orderSome() || started.indexSome())) await setImmediate();
    return await whenWritable(db, () => started.finish(skipped));
  } catch (error) {
    started.abandon();
    throw error;
  }
}

function storeProgress(db: Database, datasetId: string, progress: ImportProgress): void {
  prepare(db, 'UPDATE datasets SET import_progress = ? WHERE id = ?').run(
    JSON.stringify(progress),
    datasetId,
  );
}

/** An import of this name whose program died: taken up where it is the same, else removed. null: there is none. */
function takeUp(
  db: Database,
  name: string,
  fingerprint: string,
): { datasetId: string; progress: ImportProgress } | null {
  const row = prepare<{ id: string; progress: string | null }>(
    db,
    "SELECT id, import_progress AS progress FROM datasets WHERE state = 'importing' AND name = ?",
  ).get(name);
  if (row === undefined) return null;
  const lock = acquireProcessLock(lockPathOf(db, row.id));
  if (lock === null) return null;
  const progress = progressSchema.safeParse(JSON.parse(row.progress ?? 'null'));
  const isSame = progress.success && progress.data.fingerprint === fingerprint;
  if (!isSame) for (const _ of removeDataset(db, row.id));
  lock.release();
  if (isSame) return { datasetId: row.id, progress: progress.data };
  removeLockFile(lockPathOf(db, row.id));
  return null;
}

/** Removes datasets whose import died, told by a lock that can be taken; those that can go on stay for a while. */
export function removeUnfinishedImports(db: Database): void {
  const unfinished = prepare<{ id: string }>(
    db,
    `SELECT id FROM datasets WHERE state = 'importing'
       AND (import_progress IS NULL OR julianday('now') - julianday(created_at) > ${keptDays})`,
  ).all();
  for (const { id } of unfinished) {
    const lock = acquireProcessLock(lockPathOf(db, id));
    if (lock === null) continue;
    // It may have been finished between the two looks.
    const still = prepare<{ id: string }>(
      db,
      "SELECT id FROM datasets WHERE id = ? AND state = 'importing'",
    ).get(id);
    if (still !== undefined) for (const _ of removeDataset(db, id));
    lock.release();
    removeLockFile(lockPathOf(db, id));
  }
}

function insertImporting(db: Database, datasetId: string, dataset: NewDataset): void {
  inTransaction(db, () => {
    refuseTakenName(db, 'datasets', dataset.name);
    prepare(
      db,
      `INSERT INTO datasets (id, name, state, source, root, prompts, caption_templates, records, classes, created_at, pictures_made, unchecked)
       VALUES (?, ?, 'importing', ?, ?, ?, ?, 0, '[]', ?, ?, ?)`,
    ).run(
      datasetId,
      dataset.name,
      JSON.stringify(dataset.source),
      toStoredRoot(db, dataset.root),
      JSON.stringify(dataset.prompts),
      JSON.stringify(dataset.captionTemplates),
      now(),
      Number(dataset.picturesMade ?? false),
      Number(dataset.unchecked ?? false),
    );
  });
}

function finishImport(db: Database, datasetId: string, skipped: LeftOut): void {
  inTransaction(db, () => {
    const dataset = numberOf(db, 'datasets', datasetId);
    storeSkipped(db, dataset, skipped);
    countClasses(db, dataset);
    prepare(db, "UPDATE datasets SET state = 'ready', import_progress = NULL WHERE number = ?").run(dataset);
  });
}
