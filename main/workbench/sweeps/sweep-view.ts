import type { SweepView } from '#contract/api/sweeps.ts';
import { methodOf } from '#contract/methods/method-registry.ts';
import type { RunFile } from '#contract/run-file.ts';
import type { BestRule, Sweep, Varied } from '#contract/sweep.ts';
import { listColumns } from '#core/run-table/columns.ts';
import { findColumn, meetsFilter, parseFilter, type TableRow } from '#core/run-table/filter.ts';
import { withoutSeeds } from '#core/sweeps/without-seeds.ts';
import { findRunsById } from '#db/runs/runs.ts';
import { listSweepRuns, type SweepRun } from '#db/sweeps/sweeps.ts';
import { chosenSettings } from '../runs/run-settings.ts';
import type { RunTableRow } from '../runs/table/run-rows.ts';
import type { Workspace } from '../workspace.ts';

/** A sweep with all its runs, and the best of them by its rule. */
export function viewSweep({ db }: Workspace, sweep: Sweep, rows: readonly RunTableRow[]): SweepView {
  const cells = new Map(rows.map((row) => [row.id, row.cells]));
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
    best: findBest(sweep.file.best, planned, cells),
  };
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

/**
 * The runs that differ in seeds alone whose mean is the lowest or highest; of those that meet the rule's filter. null:
 * none is measured.
 * @throws WorkbenchError `bad-input` for a rule that names no column
 */
function findBest(
  { column: name, direction, where }: BestRule,
  planned: readonly SweepRun[],
  cells: ReadonlyMap<string, TableRow>,
): SweepView['best'] {
  const measured = planned.flatMap(({ runId, varied }) => {
    const row = runId === null ? undefined : cells.get(runId);
    return row === undefined ? [] : [{ varied, row }];
  });
  const names = listColumns(measured.map(({ row }) => row)).map((one) => one.name);
  const column = findColumn(name, names);
  const terms = parseFilter(where, names);
  const groups = new Map<string, { varied: Varied; values: number[]; runIds: string[] }>();
  for (const { varied, row } of measured) {
    const value = row[column];
    if (typeof value !== 'number' || !meetsFilter(row, terms)) continue;
    const settings = withoutSeeds(varied);
    const key = JSON.stringify(settings);
    const group = groups.get(key) ?? { varied: settings, values: [], runIds: [] };
    group.values.push(value);
    group.runIds.push(String(row.id));
    groups.set(key, group);
  }
  const ranked = [...groups.values()]
    .map(({ varied, values, runIds }) => ({
      varied: { ...varied },
      runIds,
      column,
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    }))
    .sort((a, b) => (direction === 'lowest' ? a.mean - b.mean : b.mean - a.mean));
  return ranked[0] ?? null;
}
