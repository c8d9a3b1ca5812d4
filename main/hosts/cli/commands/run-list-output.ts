import { methodOf } from '#contract/methods/method-registry.ts';
import { metricNames } from '#contract/metrics.ts';
import type { Run } from '#contract/run.ts';
import { resultColumns } from '#core/run-table/columns.ts';
import type { CellValue, TableRow } from '#core/run-table/filter.ts';
import type { GroupCell, RowGroup } from '#core/run-table/group.ts';
import { methodWords } from '#core/run-words.ts';
import { chosenSettings } from '#main/workbench/runs/run-settings.ts';
import type { RunAnswer } from '#main/workbench/runs/table/query-runs.ts';
import type { Session } from '../session.ts';
import { formatSeconds, formatTable } from '../tables.ts';

/** A run as `runs show` has it too. */
export function runJson({ id, name, config, state, step, totalSteps, parentModelId, modelId }: Run) {
  return { runId: id, name, kind: kindOf(config), state, step, totalSteps, parentModelId, modelId };
}

/** Method and start in one word, as versions before methods had starts of their own said it. */
function kindOf({ method, start }: Run['config']): string {
  return start.kind === 'scratch' ? 'train' : method;
}

/** Prints the runs that a query found, or its groups. */
export function printRuns(session: Session, all: readonly Run[], { rows, groups, columns }: RunAnswer): void {
  const runs = new Map(all.map((run) => [run.id, run]));
  const found = (own: readonly TableRow[]) =>
    own.flatMap((row) => {
      const run = runs.get(String(row.id));
      return run === undefined ? [] : [{ run, row }];
    });
  const toJson = ({ run, row }: { run: Run; row: TableRow }) => ({
    ...runJson(run),
    dataset: row.dataset ?? null,
    variant: row.variant ?? null,
    settings: chosenSettings(run),
    attack: attackJson(row),
    ...shares(row),
    tags: row.tags ?? [],
  });
  if (groups.length === 0) {
    session.print(found(rows).map(toJson), () => formatRuns(found(rows)));
    return;
  }
  const labels = new Map(columns.map(({ name, label }) => [name, label]));
  session.print(
    groups.map(({ by, cells, rows: own }) => ({
      group: Object.fromEntries(Object.entries(by).map(([name, value]) => [name, asShare(name, value)])),
      count: own.length,
      ...Object.fromEntries([...resultColumns].flatMap((name) => groupShare(name, cells[name]))),
      runs: found(own).map(toJson),
    })),
    () => formatGroups(groups, labels),
  );
}

const attackNames = ['attackedBy', 'trigger', 'target', 'strategy', 'poisons', 'manifest'] as const;

function attackJson(row: TableRow) {
  if ((row.trigger ?? null) === null) return null;
  const { attackedBy: variant, ...attack } = Object.fromEntries(
    attackNames.map((name) => [name, row[name] ?? null]),
  );
  const parameters = Object.entries(row).flatMap(([name, value]) =>
    name.startsWith('trigger.') ? [[name.slice('trigger.'.length), value]] : [],
  );
  const rate = typeof row.poisonRate === 'number' ? row.poisonRate / 100 : null;
  return {
    variant,
    trainedOn: row.trainedOn ?? null,
    ...attack,
    rate,
    parameters: Object.fromEntries(parameters),
  };
}

/** Shares in [0, 1], as everywhere in JSON. */
function shares(row: TableRow) {
  const names = ['ca', 'asr', ...metricNames.filter((name) => row[name] !== undefined)];
  return Object.fromEntries(names.map((name) => [name, asShare(name, row[name] ?? null)]));
}

function asShare(name: string, value: CellValue): CellValue {
  return resultColumns.has(name) && typeof value === 'number' ? value / 100 : value;
}

function groupShare(name: string, cell: GroupCell | undefined): [string, unknown][] {
  if (cell?.kind !== 'mean') return name === 'ca' || name === 'asr' ? [[name, null]] : [];
  const [mean, low, high] = [cell.mean, cell.low, cell.high].map((value) =>
    value === null ? null : value / 100,
  );
  return [[name, { mean, low, high, count: cell.count }]];
}

function formatRuns(found: readonly { run: Run; row: TableRow }[]): string {
  if (found.length === 0)
    return 'There are no such runs: start one with ccw train, or all of it with ccw demo.';
  return formatTable(
    ['Run', 'Method', 'State', 'Step', 'Of', 'CA', 'ASR', 'Time', 'Id'],
    found.map(({ run, row }) => [
      run.name,
      methodWords(run.config),
      run.state,
      String(run.step),
      String(run.totalSteps),
      percent(row.ca),
      `${percent(row.asr)}${typeof row.asr === 'number' && row.trainedOn === false ? ' (never trained on it)' : ''}`,
      formatSeconds(run.seconds),
      run.id,
    ]),
  );
}

function formatGroups(groups: readonly RowGroup<TableRow>[], labels: ReadonlyMap<string, string>): string {
  const by = Object.keys(groups[0]?.by ?? {});
  return formatTable(
    [...by.map((name) => labels.get(name) ?? name), 'Runs', 'CA', 'ASR'],
    groups.map(({ by: values, rows, cells }) => [
      ...by.map((name) => formatValue(name, values[name] ?? null)),
      String(rows.length),
      formatMean(cells.ca),
      formatMean(cells.asr),
    ]),
  );
}

function formatValue(name: string, value: CellValue): string {
  if (value === null) return 'none';
  if (name === 'method') return methodOf(value as Parameters<typeof methodOf>[0]).label;
  return String(value);
}

const percent = (value: CellValue | undefined) =>
  typeof value === 'number' ? `${value.toFixed(1)} %` : 'n/a';

function formatMean(cell: GroupCell | undefined): string {
  if (cell?.kind !== 'mean') return 'n/a';
  if (cell.low === null || cell.high === null) return `${cell.mean.toFixed(1)} %`;
  // Fractions lie between 0 and 100 %; an interval of few seeds would not.
  const [low, high] = [Math.max(0, cell.low), Math.min(100, cell.high)];
  return `${cell.mean.toFixed(1)} % [${low.toFixed(1)}, ${high.toFixed(1)}]`;
}
