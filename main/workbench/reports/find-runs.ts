import { WorkbenchError } from '#contract/errors.ts';
import type { Run } from '#contract/run.ts';
import { findRun } from '#db/runs/runs.ts';
import { findSweep, listSweepRuns } from '#db/sweeps/sweeps.ts';
import type { Workspace } from '../workspace.ts';

/**
 * The runs that names stand for, each once: a run, or those of a sweep that are made.
 * @throws WorkbenchError `not-found`; `conflict` for a sweep of which no run is made yet
 */
export function findReportedRuns(workspace: Workspace, references: readonly string[]): Run[] {
  const found = references.flatMap((reference) => findRuns(workspace, reference));
  return [...new Map(found.map((run) => [run.id, run])).values()];
}

/** A run, or those of a sweep that are made. A run's name comes first. */
function findRuns({ db }: Workspace, reference: string): Run[] {
  try {
    return [findRun(db, reference)];
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.kind !== 'not-found') throw error;
    let sweep: ReturnType<typeof findSweep>;
    try {
      sweep = findSweep(db, reference);
    } catch {
      throw error;
    }
    const runs = listSweepRuns(db, sweep.id).flatMap(({ runId }) =>
      runId === null ? [] : findRun(db, runId),
    );
    if (runs.length > 0) return runs;
    throw new WorkbenchError(
      'conflict',
      `No run of sweep '${sweep.name}' is made yet: ccw sweep run ${sweep.name}.`,
      {
        sweepId: sweep.id,
      },
    );
  }
}
