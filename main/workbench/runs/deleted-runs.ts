import { rmSync } from 'node:fs';
import { WorkbenchError } from '#contract/errors.ts';
import { listFirst } from '#core/list-first.ts';
import {
  findDeletedParent,
  hasChildren,
  listChildRunNames,
  listDeletedRunIds,
  markRunDeleted,
  purgeRun,
  unmarkRunDeleted,
} from '#db/runs/run-keeping.ts';
import { findRun } from '#db/runs/runs.ts';
import { inTransaction } from '#db/statements.ts';
import { runFolder, type Workspace } from '../workspace.ts';

/** How long a deleted run can be had back. */
export const undoSeconds = 30;

/**
 * Hides a run; {@link purgeDeletedRuns} takes its rows and files once nobody can undo it any more.
 * @throws WorkbenchError `not-found`; `conflict` where it runs or other runs started from its model
 * @returns its id
 */
export function deleteRun(workspace: Workspace, nameOrId: string): string {
  const { db } = workspace;
  return inTransaction(db, () => {
    const run = findRun(db, nameOrId);
    if (run.state === 'running') {
      throw new WorkbenchError('conflict', `Run '${run.name}' is running: stop it before you delete it.`, {
        runId: run.id,
      });
    }
    const children = listChildRunNames(db, run);
    if (children.length > 0) {
      throw new WorkbenchError(
        'conflict',
        `${listFirst(
          children.map((name) => `'${name}'`),
          5,
        )} started from the model of run '${run.name}': delete ${children.length === 1 ? 'that run' : 'those runs'} first, or archive this one.`,
        { runId: run.id, children },
      );
    }
    markRunDeleted(db, run.id);
    return run.id;
  });
}

/**
 * Takes a deletion back.
 * @throws WorkbenchError `not-found` once it is too late; `conflict` while the run that it started from is deleted too
 */
export function undoDeletion({ db }: Workspace, runId: string): string {
  try {
    inTransaction(db, () => {
      const parent = findDeletedParent(db, runId);
      if (parent !== null) {
        throw new WorkbenchError(
          'conflict',
          `It started from the model of run '${parent.name}', which is deleted too: bring that one back first.`,
          { runId, parent: parent.id },
        );
      }
      unmarkRunDeleted(db, runId);
    });
    return runId;
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.kind !== 'not-found') throw error;
    throw new WorkbenchError('not-found', 'It is too late to undo this: the run and its files are gone.', {
      runId,
    });
  }
}

/** Takes rows and files of deleted runs: all, or those whose time for an undo is over. */
export function purgeDeletedRuns(workspace: Workspace, { all = false }: { all?: boolean } = {}): void {
  const before = new Date(Date.now() - (all ? 0 : undoSeconds * 1000)).toISOString();
  let left = listDeletedRunIds(workspace.db, before);
  // A run goes after those that started from its model.
  for (;;) {
    const ready = left.filter((id) => !hasChildren(workspace.db, id));
    if (ready.length === 0) return;
    for (const id of ready) {
      purgeRun(workspace.db, id);
      rmSync(runFolder(workspace, id), { recursive: true, force: true });
    }
    left = left.filter((id) => !ready.includes(id));
  }
}
