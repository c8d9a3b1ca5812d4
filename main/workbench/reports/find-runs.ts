import { WorkbenchError } from '#contract/errors.ts';
import type { Run } from '#contract/run.ts';
import type { Sweep } from '#contract/sweep.ts';
import { findRun } from '#db/runs/runs.ts';
import { findSweep, listSweepRuns } from '#db/sweeps/sweeps.ts';
import type { Workspace } from '../workspace.ts';

/**
 * The runs that names stand for, each once: a run, or those of a sweep that are made.
 * @throws WorkbenchError `not-found`; `conflict` for a sweep of which no run is made yet
 */
export function findReportedRuns(workspace: Workspace, references: readonly string[]): Run[] {
  const found = references.flatMap((reference) => {
    const one = findReported(workspace, reference);
    return one.kind === 'run' ? [one.run] : runsOf(workspace, one.sweep);
  });
  return [...new Map(found.map((run) => [run.id, run])).values()];
}

/** The sweeps among what names stand for, each once. @throws WorkbenchError `not-found` */
export function findReportedSweeps(workspace: Workspace, references: readonly string[]): Sweep[] {
  const found = references.flatMap((reference) => {
    const one = findReported(workspace, reference);
    return one.kind === 'sweep' ? [one.sweep] : [];
  });
  return [...new Map(found.map((sweep) => [sweep.id, sweep])).values()];
}

/** The name of the run or sweep that a name or an id stands for. @throws WorkbenchError `not-found` */
export function nameOfReported(workspace: Workspace, reference: string): string {
  const one = findReported(workspace, reference);
  return one.kind === 'run' ? one.run.name : one.sweep.name;
}

type Reported = { kind: 'run'; run: Run } | { kind: 'sweep'; sweep: Sweep };

/** A run's name comes before a sweep's; of what is neither it says that there is no such run. */
function findReported({ db }: Workspace, reference: string): Reported {
  try {
    return { kind: 'run', run: findRun(db, reference) };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    try {
      return { kind: 'sweep', sweep: findSweep(db, reference) };
    } catch (noSweep) {
      throw isNotFound(noSweep) ? error : noSweep;
    }
  }
}

const isNotFound = (error: unknown) => error instanceof WorkbenchError && error.kind === 'not-found';

function runsOf({ db }: Workspace, sweep: Sweep): Run[] {
  const runs = listSweepRuns(db, sweep.id).flatMap(({ runId }) => (runId === null ? [] : findRun(db, runId)));
  if (runs.length > 0) return runs;
  throw new WorkbenchError(
    'conflict',
    `No run of sweep '${sweep.name}' is made yet: start the sweep first.`,
    {
      sweepId: sweep.id,
    },
  );
}
