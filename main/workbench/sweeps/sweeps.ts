import { WorkbenchError } from '#contract/errors.ts';
import { type Sweep, type SweepFile, sweepFileSchema } from '#contract/sweep.ts';
import { checkBestRule } from '#core/sweeps/best-rule.ts';
import { expandSweep } from '#core/sweeps/expand-sweep.ts';
import { freeNameIn } from '#db/names.ts';
import {
  addSweepRuns,
  deleteSweep,
  findSweep,
  insertSweep,
  isAnySweepRunning,
  listSweepRuns,
  listSweeps,
  pauseRunningSweeps,
  setSweepState,
} from '#db/sweeps/sweeps.ts';
import { isQueueFree } from '../engine/queue.ts';
import { checkFile, readJsoncFile } from '../run-files/read-run-file.ts';
import { canonical } from '../variants/manifest.ts';
import type { Workspace } from '../workspace.ts';

/** Reads a sweep file. @throws WorkbenchError `not-found`, or `bad-input` that names the field */
export async function readSweepFile(path: string): Promise<SweepFile> {
  return checkFile(await readJsoncFile(path, 'sweep file'), sweepFileSchema, path);
}

/**
 * Plans a sweep: all its runs, none made yet.
 * @throws WorkbenchError `bad-input` for what cannot be varied, or a rule of the best that no run can meet; `conflict` where a name that was given is taken
 */
export function createSweep({ db }: Workspace, file: SweepFile): Sweep {
  checkBestRule(file.best);
  const runs = expandSweep(file);
  if (runs.length === 0) throw new WorkbenchError('bad-input', 'The sweep has no runs: vary something.');
  return insertSweep(db, file.name ?? freeNameIn(db, 'sweeps', 'sweep'), file, runs);
}

/** The sweep that was made from this very file, the newest; null: none was. */
export function findSweepByFile({ db }: Workspace, file: SweepFile): Sweep | null {
  const wanted = canonical(file);
  return listSweeps(db).findLast((sweep) => canonical(sweep.file) === wanted) ?? null;
}

/**
 * Adds the runs of another file that a sweep does not have yet.
 * @returns the sweep, and how many were added
 */
export function extendSweep(
  { db }: Workspace,
  nameOrId: string,
  file: SweepFile,
): { sweep: Sweep; added: number } {
  checkBestRule(file.best);
  const sweep = findSweep(db, nameOrId);
  const known = new Set(listSweepRuns(db, sweep.id).map((run) => canonical(run.file)));
  const added = expandSweep(file).filter((run) => !known.has(canonical(run.file)));
  addSweepRuns(db, sweep.id, added);
  if (added.length > 0 && sweep.state !== 'running') setSweepState(db, sweep.id, 'paused');
  return { sweep: findSweep(db, sweep.id), added: added.length };
}

/** All sweeps, oldest first, as they are now: one whose program died is paused. */
export function showSweeps(workspace: Workspace): Sweep[] {
  refreshSweepStates(workspace);
  return listSweeps(workspace.db);
}

/** @throws WorkbenchError `not-found` */
export function showSweep(workspace: Workspace, nameOrId: string): Sweep {
  refreshSweepStates(workspace);
  return findSweep(workspace.db, nameOrId);
}

/** Forgets a sweep; its runs stay. @throws WorkbenchError `not-found` */
export function removeSweep({ db }: Workspace, nameOrId: string): Sweep {
  const sweep = findSweep(db, nameOrId);
  deleteSweep(db, sweep.id);
  return sweep;
}

function refreshSweepStates(workspace: Workspace): void {
  if (isAnySweepRunning(workspace.db) && isQueueFree(workspace)) pauseRunningSweeps(workspace.db);
}
