import { WorkbenchError } from '#contract/errors.ts';
import type { Checkpoint, NewCheckpoint } from '#contract/run.ts';
import { now, numberOf } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';

const select = `SELECT c.id, r.id AS runId, c.step, c.epoch, c.path, c.weights_sha256 AS weightsSha256,
  c.created_at AS createdAt FROM checkpoints c JOIN runs r ON r.number = c.run`;

/** Stores a checkpoint; one of the same run and step is replaced under its id, as a resumed run makes it again. */
export function insertCheckpoint(db: Database, runId: string, checkpoint: NewCheckpoint): Checkpoint {
  return inTransaction(db, () => {
    const row = prepare<{ id: number }>(
      db,
      `INSERT INTO checkpoints (run, step, epoch, path, weights_sha256, created_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (run, step) DO UPDATE SET epoch = excluded.epoch, path = excluded.path,
         weights_sha256 = excluded.weights_sha256, created_at = excluded.created_at
       RETURNING id`,
    ).get(
      numberOf(db, 'runs', runId),
      checkpoint.step,
      checkpoint.epoch,
      checkpoint.path,
      checkpoint.weightsSha256,
      now(),
    );
    if (row === undefined) throw new WorkbenchError('internal', 'SQLite returned no id for a checkpoint.');
    return findCheckpoint(db, row.id);
  });
}

/** Throws `not-found`. */
export function findCheckpoint(db: Database, id: number): Checkpoint {
  const row = prepare<Checkpoint>(db, `${select} WHERE c.id = ?`).get(id);
  if (row === undefined) throw new WorkbenchError('not-found', `There is no checkpoint ${id}.`, { id });
  return row;
}

/** The checkpoint with the most steps, null where the run has none. */
export function latestCheckpoint(db: Database, runId: string): Checkpoint | null {
  return (
    prepare<Checkpoint>(db, `${select} WHERE c.run = ? ORDER BY c.step DESC LIMIT 1`).get(
      numberOf(db, 'runs', runId),
    ) ?? null
  );
}

/** A run's checkpoints by step. */
export function listCheckpoints(db: Database, runId: string): Checkpoint[] {
  return prepare<Checkpoint>(db, `${select} WHERE c.run = ? ORDER BY c.step`).all(
    numberOf(db, 'runs', runId),
  );
}

/** Forgets a checkpoint, unless it is a model's. @returns whether it did */
export function deleteCheckpoint(db: Database, id: number): boolean {
  const sql =
    'DELETE FROM checkpoints WHERE id = ? AND NOT EXISTS (SELECT 1 FROM models WHERE checkpoint = ?)';
  return prepare(db, sql).run(id, id).changes > 0;
}
