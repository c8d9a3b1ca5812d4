import type { SweepView } from '#contract/api/sweeps.ts';
import { methodOf } from '#contract/methods/method-registry.ts';
import type { Run } from '#contract/run.ts';
import type { RunFile } from '#contract/run-file.ts';
import type { Sweep } from '#contract/sweep.ts';
import type { TableRow } from '#core/run-table/filter.ts';
import { findBest } from '#core/sweeps/best-rule.ts';
import { findModel } from '#db/models/models.ts';
import { findRunsById } from '#db/runs/runs.ts';
import { listSweepRuns, type SweepRun } from '#db/sweeps/sweeps.ts';
import { chosenSettings } from '../runs/run-settings.ts';
import type { RunTableRow } from '../runs/table/run-rows.ts';
import type { Workspace } from '../workspace.ts';

/** A sweep with all its runs, and the best of them by its rule. */
export function viewSweep(workspace: Workspace, sweep: Sweep, rows: readonly RunTableRow[]): SweepView {
  return createSweepViewer(workspace, rows)(sweep);
}

/** {@link viewSweep} for many sweeps: rows are looked up in one table. */
export function createSweepViewer(workspace: Workspace, rows: readonly RunTableRow[]) {
  const cells = new Map(rows.map((row) => [row.id, row.cells]));
  return (sweep: Sweep): SweepView => viewBy(workspace, sweep, cells);
}

function viewBy({ db }: Workspace, sweep: Sweep, cells: ReadonlyMap<string, TableRow>): SweepView {
  const planned = listSweepRuns(db, sweep.id);
  const made = new Map(
    findRunsById(
      db,
      planned.flatMap(({ runId }) => runId ?? []),
    ).map((run) => [run.id, run]),
  );
  const runs = planned.map((one): SweepView['runs'][number] => {
    const run = one.runId === null ? undefined : made.get(one.runId);
    const row = one.runId === null ? undefined : cells.get(one.runId);
    return {
      place: one.place,
      runId: one.runId,
      name: one.runName,
      state: stateOf(one),
      varied: { ...one.varied },
      settings: { ...(run === undefined ? plannedSettings(one.file) : chosenSettings(run)), ...one.varied },
      ca: shareOf(row?.ca),
      asr: shareOf(row?.asr),
      poisonedAccuracy: shareOf(row?.poisonedAccuracy),
      message: one.message,
    };
  });
  return {
    sweepId: sweep.id,
    name: sweep.name,
    state: sweep.state,
    createdAt: sweep.createdAt,
    file: sweep.file,
    runs,
    starts: findStarts(db, [...made.values()]),
    best: findBest(
      sweep.file.best,
      planned.flatMap(({ runId, varied }) => {
        const row = runId === null ? undefined : cells.get(runId);
        return row === undefined ? [] : [{ varied, row }];
      }),
    ),
  };
}

/** The runs that made the models which these start from; one of the sweep itself is left out. */
function findStarts(db: Workspace['db'], runs: readonly Run[]): string[] {
  const own = new Set(runs.map(({ id }) => id));
  const models = new Set(runs.flatMap(({ parentModelId }) => parentModelId ?? []));
  return [...models].flatMap((id) => {
    const { origin } = findModel(db, id);
    return origin.kind === 'run' && !own.has(origin.runId) ? [origin.runId] : [];
  });
}

function plannedSettings({
  method,
  settings = {},
  seed = 0,
  data,
}: RunFile): SweepView['runs'][number]['settings'] {
  const own = methodOf(method).settings.partial().parse(settings);
  const { fraction = null, withoutPoisoned = null } = data.selection ?? {};
  return {
    method,
    ...own,
    ...(fraction === null ? {} : { fraction }),
    ...(withoutPoisoned === null ? {} : { withoutPoisoned }),
    seed,
  };
}

const states = {
  queued: 'planned',
  running: 'running',
  interrupted: 'paused',
  failed: 'failed',
  done: 'done',
} as const;

function stateOf({ runState, message }: SweepRun): SweepView['runs'][number]['state'] {
  if (runState !== null) return states[runState];
  return message === null ? 'planned' : 'failed';
}

const shareOf = (percent: TableRow[string] | undefined) =>
  typeof percent === 'number' ? percent / 100 : null;
