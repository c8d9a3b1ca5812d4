import type { Run } from '#contract/run.ts';
import { missing, now, numberOf, refuseTakenName } from '../names.ts';
import { type Database, inTransaction, prepare, type SqlValue } from '../statements.ts';
import { findRun } from './runs.ts';

/** Renames a run. Throws `conflict` where the name is taken, `bad-input` where it can be none. */
export function renameRun(db: Database, runId: string, name: string): void {
  inTransaction(db, () => {
    if (findRun(db, runId).name === name) return;
    refuseTakenName(db, 'runs', name);
    update(db, runId, 'name = ?', name);
  });
}

export function setRunNote(db: Database, runId: string, note: string): void {
  update(db, runId, 'note = ?', note);
}

export function setRunArchived(db: Database, runId: string, archived: boolean): void {
  update(db, runId, 'archived = ?', Number(archived));
}

/** When a run is measured. */
export interface Measuring {
  /** CA and ASR after each epoch, as curves. */
  eachEpoch: boolean;
  /** All that an evaluation holds, once it is done. */
  atEnd: boolean;
}

export function setMeasuring(db: Database, runId: string, { eachEpoch, atEnd }: Measuring): void {
  update(db, runId, 'evaluate_each_epoch = ?, measure_at_end = ?', Number(eachEpoch), Number(atEnd));
}

export function readMeasuring(db: Database, runId: string): Measuring {
  const row = prepare<{ eachEpoch: number; atEnd: number }>(
    db,
    'SELECT evaluate_each_epoch AS eachEpoch, measure_at_end AS atEnd FROM runs WHERE id = ?',
  ).get(runId);
  if (row === undefined) throw missing('runs', runId, []);
  return { eachEpoch: row.eachEpoch === 1, atEnd: row.atEnd === 1 };
}

/** Gives waiting runs their places in the queue, from 1; runs of other programs keep theirs. */
export function setQueueOrder(db: Database, runIds: readonly string[]): void {
  inTransaction(db, () => {
    const place = prepare(db, "UPDATE runs SET queue_place = ? WHERE id = ? AND state = 'queued'");
    for (const [index, id] of runIds.entries()) place.run(index + 1, id);
  });
}

/** Hides a run; {@link purgeRun} takes its rows. */
export function markRunDeleted(db: Database, runId: string): void {
  update(db, runId, 'deleted_at = ?, queue_place = NULL', now());
}

export function unmarkRunDeleted(db: Database, runId: string): void {
  update(db, runId, 'deleted_at = NULL');
}

/** Runs that were deleted before `time` (ISO 8601). */
export function listDeletedRunIds(db: Database, time: string): string[] {
  return prepare<{ id: string }>(db, 'SELECT id FROM runs WHERE deleted_at IS NOT NULL AND deleted_at <= ?')
    .all(time)
    .map(({ id }) => id);
}

/** Names of the runs that started from this run's model and are not deleted. */
export function listChildRunNames(db: Database, run: Run): string[] {
  if (run.modelId === null) return [];
  return prepare<{ name: string }>(
    db,
    'SELECT name FROM runs WHERE parent_model = ? AND deleted_at IS NULL ORDER BY number',
  )
    .all(numberOf(db, 'models', run.modelId))
    .map(({ name }) => name);
}

/** The deleted run whose model a run started from; null where there is none. */
export function findDeletedParent(db: Database, runId: string): { id: string; name: string } | null {
  const row = prepare<{ id: string; name: string }>(
    db,
    `SELECT p.id, p.name FROM runs r JOIN models m ON m.number = r.parent_model JOIN runs p ON p.number = m.run
     WHERE r.id = ? AND p.deleted_at IS NOT NULL`,
  ).get(runId);
  return row ?? null;
}

/** Whether a row, deleted or not, started from this run's model. */
export function hasChildren(db: Database, runId: string): boolean {
  return (
    prepare<{ found: number }>(
      db,
      `SELECT 1 AS found FROM runs c JOIN models m ON m.number = c.parent_model JOIN runs r ON r.number = m.run
       WHERE r.id = ? LIMIT 1`,
    ).get(runId) !== undefined
  );
}

/** Deletes a run with all that hangs on it. Its files are the caller's. */
export function purgeRun(db: Database, runId: string): void {
  inTransaction(db, () => {
    const run = numberOf(db, 'runs', runId);
    const models = 'SELECT number FROM models WHERE run = ?';
    const evaluations = `SELECT number FROM evaluations WHERE model IN (${models})`;
    prepare(db, `DELETE FROM predictions WHERE evaluation IN (${evaluations})`).run(run);
    prepare(db, `DELETE FROM class_results WHERE evaluation IN (${evaluations})`).run(run);
    prepare(db, `DELETE FROM evaluations WHERE model IN (${models})`).run(run);
    prepare(db, 'DELETE FROM models WHERE run = ?').run(run);
    prepare(db, 'DELETE FROM checkpoints WHERE run = ?').run(run);
    prepare(db, 'DELETE FROM metrics WHERE run = ?').run(run);
    prepare(db, 'DELETE FROM metric_ranges WHERE run = ?').run(run);
    prepare(db, 'DELETE FROM run_log WHERE run = ?').run(run);
    prepare(db, 'DELETE FROM runs WHERE number = ?').run(run);
  });
}

function update(db: Database, runId: string, assignments: string, ...values: SqlValue[]): void {
  const { changes } = prepare(db, `UPDATE runs SET ${assignments} WHERE id = ?`).run(...values, runId);
  if (changes === 0) throw missing('runs', runId, []);
}
