import type { Series } from '#contract/api/runs.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Run } from '#contract/run.ts';
import { latestCheckpoint } from '#db/runs/checkpoints.ts';
import { readThinned } from '#db/runs/metric-ranges.ts';
import * as keeping from '#db/runs/run-keeping.ts';
import { readLog } from '#db/runs/run-log.ts';
import { findRunsById, findRun as findStored, insertRun, setRunState } from '#db/runs/runs.ts';
import { countTestRecords } from '../evaluations/test-records.ts';
import type { Workspace } from '../workspace.ts';
import { planRun, type RunPlanRequest } from './run-plans.ts';

export type { Measuring } from '#db/runs/run-keeping.ts';

/** As it is stored. @throws WorkbenchError `not-found` */
export const findRun = ({ db }: Workspace, nameOrId: string): Run => findStored(db, nameOrId);

/**
 * Stores a planned run, which then waits to be executed. It is measured after each epoch only where the dataset has
 * labelled pictures.
 * @throws WorkbenchError as planRun() does
 */
export function createRun(workspace: Workspace, request: RunPlanRequest, measuring: keeping.Measuring): Run {
  const { db } = workspace;
  const run = insertRun(db, planRun(workspace, request));
  const eachEpoch = measuring.eachEpoch && countTestRecords(workspace, run.datasetId) > 0;
  keeping.setMeasuring(db, run.id, { ...measuring, eachEpoch });
  return run;
}

/** Has a stopped or failed run wait again. @throws WorkbenchError `not-found`; `conflict` where it is done or runs */
export function waitAgain({ db }: Workspace, nameOrId: string): Run {
  const { id, name, state } = findStored(db, nameOrId);
  if (state === 'done' || state === 'running') {
    throw new WorkbenchError('conflict', `Run '${name}' is ${state}: there is nothing to resume.`, {
      runId: id,
    });
  }
  setRunState(db, id, 'queued');
  return findStored(db, id);
}

/** A run that waited is left as it is, to be resumed later. */
export function stopWaiting({ db }: Workspace, runId: string): void {
  setRunState(db, runId, 'interrupted', 'Taken out of the queue before it began.');
}

/**
 * A run whose turn has come, as it is now.
 * @throws WorkbenchError `cancelled` where it does not wait any more: another program stopped, took or deleted it
 */
export function findWaiting({ db }: Workspace, { id, name }: Pick<Run, 'id' | 'name'>): Run {
  const [run] = findRunsById(db, [id]);
  if (run?.state === 'queued') return run;
  const now = run?.state ?? 'deleted';
  throw new WorkbenchError('cancelled', `Run '${run?.name ?? name}' does not wait any more: it is ${now}.`);
}

/** Whether a run can go on from a checkpoint. */
export const hasCheckpoint = ({ db }: Workspace, runId: string): boolean =>
  latestCheckpoint(db, runId) !== null;

/** @throws WorkbenchError `not-found`; `conflict` where the name is taken, `bad-input` where it can be none */
export function renameRun({ db }: Workspace, nameOrId: string, name: string): void {
  keeping.renameRun(db, findStored(db, nameOrId).id, name);
}

/** @throws WorkbenchError `not-found` */
export function noteRun({ db }: Workspace, nameOrId: string, note: string): void {
  keeping.setRunNote(db, findStored(db, nameOrId).id, note);
}

/** @throws WorkbenchError `not-found` */
export function archiveRun({ db }: Workspace, nameOrId: string, archived: boolean): void {
  keeping.setRunArchived(db, findStored(db, nameOrId).id, archived);
}

/** A run's curves. @param names null: all @param points at most so many each @throws WorkbenchError `not-found` */
export function readCurves(
  { db }: Workspace,
  nameOrId: string,
  names: readonly string[] | null,
  points: number,
): Series[] {
  return readThinned(db, findStored(db, nameOrId).id, names, points);
}

/** The last lines of a run's log. @throws WorkbenchError `not-found` */
export function readRunLog({ db }: Workspace, nameOrId: string, lines: number) {
  return readLog(db, findStored(db, nameOrId).id, lines);
}
