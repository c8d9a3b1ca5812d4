import type { MethodName } from '#contract/methods/method-registry.ts';
import {
  type NewRun,
  type Run,
  type RunEnvironment,
  type RunState,
  runConfigSchema,
  runEnvironmentSchema,
} from '#contract/run.ts';
import { findModel } from '../models/models.ts';
import { createId, missing, now, numberOf, numberOrNull, refuseTakenName } from '../names.ts';
import { rememberRead } from '../reading.ts';
import { type Database, inTransaction, prepare, type SqlValue } from '../statements.ts';

interface RunRow extends Omit<Run, 'config' | 'environment'> {
  config: string;
  environment: string | null;
}

const select = `SELECT r.id, r.name, r.config, r.architecture, r.left_out AS leftOut, d.id AS datasetId, v.id AS variantId, p.id AS parentModelId,
  r.state, r.step, r.total_steps AS totalSteps, r.environment, r.message, r.seconds, r.created_at AS createdAt,
  r.started_at AS startedAt, r.ended_at AS endedAt, m.id AS modelId
  FROM runs r JOIN datasets d ON d.number = r.dataset
  LEFT JOIN variants v ON v.number = r.variant
  LEFT JOIN models p ON p.number = r.parent_model
  LEFT JOIN models m ON m.run = r.number`;

/** Stores a run in state `queued`. Throws `conflict` where the name is taken. */
export function insertRun(db: Database, run: NewRun): Run {
  return inTransaction(db, () => {
    refuseTakenName(db, 'runs', run.name);
    // Its run may have been deleted since the model was chosen.
    if (run.parentModelId !== null) findModel(db, run.parentModelId);
    const id = createId('runs');
    prepare(
      db,
      `INSERT INTO runs (id, name, method, config, architecture, dataset, variant, parent_model, left_out, state, step,
         total_steps, seconds, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', 0, ?, 0, ?)`,
    ).run(
      id,
      run.name,
      run.config.method,
      JSON.stringify(run.config),
      run.architecture,
      numberOf(db, 'datasets', run.datasetId),
      numberOrNull(db, 'variants', run.variantId),
      numberOrNull(db, 'models', run.parentModelId),
      run.leftOut,
      run.totalSteps,
      now(),
    );
    return findRun(db, id);
  });
}

/** The run of this name or id. Throws `not-found`. */
export function findRun(db: Database, nameOrId: string): Run {
  return rememberRead(db, `run ${nameOrId}`, () => readRun(db, nameOrId));
}

function readRun(db: Database, nameOrId: string): Run {
  const row = prepare<RunRow>(db, `${select} WHERE r.deleted_at IS NULL AND (r.id = ? OR r.name = ?)`).get(
    nameOrId,
    nameOrId,
  );
  if (row === undefined) {
    const existing = prepare<{ name: string }>(
      db,
      'SELECT name FROM runs WHERE deleted_at IS NULL ORDER BY number DESC LIMIT 11',
    ).all();
    throw missing('runs', nameOrId, existing);
  }
  return toRun(row);
}

/** All runs, oldest first. */
export function listRuns(db: Database): Run[] {
  return prepare<RunRow>(db, `${select} WHERE r.deleted_at IS NULL ORDER BY r.number`).all().map(toRun);
}

/** The latest run that ended and whose time is known, of an architecture: of this method if there is one. */
export function findMeasuredRun(db: Database, architecture: string, method: MethodName): Run | null {
  const row = prepare<RunRow>(
    db,
    `${select} WHERE r.number = (SELECT number FROM runs
       WHERE deleted_at IS NULL AND state = 'done' AND seconds > 0 AND architecture = ?
       ORDER BY method = ? DESC, number DESC LIMIT 1)`,
  ).get(architecture, method);
  return row === undefined ? null : toRun(row);
}

/** Names of all runs, oldest first. */
export function listRunNames(db: Database): string[] {
  return prepare<{ name: string }>(db, 'SELECT name FROM runs WHERE deleted_at IS NULL ORDER BY number')
    .all()
    .map(({ name }) => name);
}

/** Whether any run is said to be running; by an index, so that it can be asked at any time. */
export function isAnyRunning(db: Database): boolean {
  return prepare(db, "SELECT 1 FROM runs WHERE state = 'running' LIMIT 1").get() !== undefined;
}

/** Runs by their ids, in the order of these; ids of none are left out. */
export function findRunsById(db: Database, ids: readonly string[]): Run[] {
  const find = prepare<RunRow>(db, `${select} WHERE r.deleted_at IS NULL AND r.id = ?`);
  return ids.flatMap((id) => {
    const row = find.get(id);
    return row === undefined ? [] : [toRun(row)];
  });
}

/** A run begins or goes on: state `running`, made by this environment; the first start's time stays. */
export function startRun(db: Database, runId: string, environment: RunEnvironment): void {
  update(
    db,
    runId,
    `state = 'running', environment = ?, message = NULL, ended_at = NULL, queue_place = NULL,
     started_at = coalesce(started_at, ?)`,
    JSON.stringify(environment),
    now(),
  );
}

/** Sets a run's state; `message` says why it failed or was interrupted. An end gets its time, a return loses it. */
export function setRunState(
  db: Database,
  runId: string,
  state: RunState,
  message: string | null = null,
): void {
  const ended = state === 'done' || state === 'failed' || state === 'interrupted';
  update(
    db,
    runId,
    `state = ?, message = ?, ended_at = ?${state === 'queued' ? '' : ', queue_place = NULL'}`,
    state,
    message,
    ended ? now() : null,
  );
}

/** The number of steps done. */
export function setRunStep(db: Database, runId: string, step: number): void {
  update(db, runId, 'step = ?', step);
}

/** Adds seconds of training to those of earlier starts. */
export function addSeconds(db: Database, runId: string, seconds: number): void {
  update(db, runId, 'seconds = seconds + ?', seconds);
}

/**
 * Marks running runs as interrupted and gives their ids: their program died. Call it only while holding the queue's
 * lock, so that no living program has any. Runs that wait stay in the queue: whoever starts them holds the lock.
 */
export function markOrphansInterrupted(db: Database): string[] {
  return prepare<{ id: string }>(
    db,
    `UPDATE runs SET state = 'interrupted', ended_at = ?,
       message = 'The program ended before the run did: resume it to go on from its last checkpoint.'
     WHERE state = 'running' RETURNING id`,
  )
    .all(now())
    .map(({ id }) => id);
}

function update(db: Database, runId: string, assignments: string, ...values: SqlValue[]): void {
  const { changes } = prepare(db, `UPDATE runs SET ${assignments} WHERE id = ?`).run(...values, runId);
  if (changes === 0) throw missing('runs', runId, []);
}

function toRun(row: RunRow): Run {
  return {
    ...row,
    config: runConfigSchema.parse(JSON.parse(row.config)),
    environment: row.environment === null ? null : runEnvironmentSchema.parse(JSON.parse(row.environment)),
  };
}
