import type { RunState } from '#contract/run.ts';
import { type RunFile, runFileSchema } from '#contract/run-file.ts';
import {
  type Sweep,
  type SweepFile,
  type SweepState,
  sweepFileSchema,
  type Varied,
} from '#contract/sweep.ts';
import { createId, missing, now, numberOf, refuseTakenName } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';

/** One run of a sweep before it is made. */
export interface PlannedSweepRun {
  varied: Varied;
  file: RunFile;
}

/** One run of a sweep; `runId` is null until it is made. */
export interface SweepRun extends PlannedSweepRun {
  place: number;
  runId: string | null;
  runName: string | null;
  runState: RunState | null;
  message: string | null;
}

interface SweepRow extends Omit<Sweep, 'file'> {
  file: string;
}

const select = 'SELECT id, name, file, state, created_at AS createdAt FROM sweeps';

/** Stores a sweep with all its runs as planned. Throws `conflict` where the name is taken. */
export function insertSweep(
  db: Database,
  name: string,
  file: SweepFile,
  runs: readonly PlannedSweepRun[],
): Sweep {
  return inTransaction(db, () => {
    refuseTakenName(db, 'sweeps', name);
    const id = createId('sweeps');
    prepare(db, "INSERT INTO sweeps (id, name, file, state, created_at) VALUES (?, ?, ?, 'planned', ?)").run(
      id,
      name,
      JSON.stringify(file),
      now(),
    );
    addSweepRuns(db, id, runs);
    return findSweep(db, id);
  });
}

/** Adds runs behind those that a sweep has. */
export function addSweepRuns(db: Database, sweepId: string, runs: readonly PlannedSweepRun[]): void {
  inTransaction(db, () => {
    const sweep = numberOf(db, 'sweeps', sweepId);
    const last = prepare<{ place: number | null }>(
      db,
      'SELECT max(place) AS place FROM sweep_runs WHERE sweep = ?',
    ).get(sweep);
    const insert = prepare(db, 'INSERT INTO sweep_runs (sweep, place, varied, file) VALUES (?, ?, ?, ?)');
    for (const [index, { varied, file }] of runs.entries()) {
      insert.run(sweep, (last?.place ?? -1) + 1 + index, JSON.stringify(varied), JSON.stringify(file));
    }
  });
}

/** The sweep of this name or id. Throws `not-found`. */
export function findSweep(db: Database, nameOrId: string): Sweep {
  const row = prepare<SweepRow>(db, `${select} WHERE id = ? OR name = ?`).get(nameOrId, nameOrId);
  if (row !== undefined) return toSweep(row);
  const existing = prepare<{ name: string }>(
    db,
    'SELECT name FROM sweeps ORDER BY number DESC LIMIT 11',
  ).all();
  throw missing('sweeps', nameOrId, existing);
}

/** All sweeps, oldest first. */
export function listSweeps(db: Database): Sweep[] {
  return prepare<SweepRow>(db, `${select} ORDER BY number`).all().map(toSweep);
}

/** Runs of a sweep in their order. A run that was deleted counts as not made. */
export function listSweepRuns(db: Database, sweepId: string): SweepRun[] {
  return prepare<Omit<SweepRun, 'varied' | 'file'> & { varied: string; file: string }>(
    db,
    `SELECT x.place, x.varied, x.file, x.message, r.id AS runId, r.name AS runName, r.state AS runState
     FROM sweep_runs x LEFT JOIN runs r ON r.number = x.run AND r.deleted_at IS NULL
     WHERE x.sweep = ? ORDER BY x.place`,
  )
    .all(numberOf(db, 'sweeps', sweepId))
    .map(({ varied, file, ...row }) => ({
      ...row,
      varied: JSON.parse(varied) as Varied,
      file: runFileSchema.parse(JSON.parse(file)),
    }));
}

/** Says which run a sweep's place became. */
export function setSweepRun(db: Database, sweepId: string, place: number, runId: string): void {
  prepare(db, 'UPDATE sweep_runs SET run = ?, message = NULL WHERE sweep = ? AND place = ?').run(
    numberOf(db, 'runs', runId),
    numberOf(db, 'sweeps', sweepId),
    place,
  );
}

/** Says why a sweep's run could not be made; null forgets it. */
export function setSweepRunMessage(
  db: Database,
  sweepId: string,
  place: number,
  message: string | null,
): void {
  prepare(db, 'UPDATE sweep_runs SET message = ? WHERE sweep = ? AND place = ?').run(
    message,
    numberOf(db, 'sweeps', sweepId),
    place,
  );
}

export function setSweepState(db: Database, sweepId: string, state: SweepState): void {
  prepare(db, 'UPDATE sweeps SET state = ? WHERE id = ?').run(state, sweepId);
}

/** Whether any sweep is said to be running. */
export function isAnySweepRunning(db: Database): boolean {
  return prepare(db, "SELECT 1 FROM sweeps WHERE state = 'running' LIMIT 1").get() !== undefined;
}

/** Sweeps that are said to run become paused: nobody works on them. */
export function pauseRunningSweeps(db: Database): void {
  prepare(db, "UPDATE sweeps SET state = 'paused' WHERE state = 'running'").run();
}

/** Deletes a sweep; its runs stay. */
export function deleteSweep(db: Database, sweepId: string): void {
  prepare(db, 'DELETE FROM sweeps WHERE id = ?').run(sweepId);
}

function toSweep({ file, ...row }: SweepRow): Sweep {
  return { ...row, file: sweepFileSchema.parse(JSON.parse(file)) };
}
