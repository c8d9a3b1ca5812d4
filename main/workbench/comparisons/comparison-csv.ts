import type { ChangesByRun, ComparisonView } from '#contract/api/comparison.ts';
import type { Share } from '#contract/evaluation.ts';
import { metricNames } from '#contract/metrics.ts';
import { pairedShares } from '#core/statistics/paired-shares.ts';
import { guardCell } from '#main/data/tables/spreadsheet-safe.ts';
import { chosenSettings, type Settings } from '../runs/run-settings.ts';
import { definitionsOf } from './comparison-definitions.ts';

type ComparedModel = ComparisonView['runs'][number];
type Cell = string | number | boolean | null;
type Row = Record<string, Cell>;

/**
 * A comparison as CSV (RFC 4180, UTF-8): one table in long form, so that every reader takes it as it is. First one
 * row a run or model from a file (`run` is its name), with the column `class` empty: settings, CA, ASR and the rest over all classes, with hits, counts and
 * Wilson intervals. Then one row for each run and class: `ca` and `asr` are those of the class; the target class and
 * runs without an attack have no `asr`. Columns that end in `_change` are differences to the baseline on the same
 * pictures with paired bootstrap 95 % intervals. `attack` says which of the variant's `attacks` was measured, from 1. The first row alone
 * has `definitions`. Shares are in [0, 1] with all their digits; what is unknown is empty.
 * A name that a spreadsheet would run has an apostrophe before it.
 */
export function comparisonCsv(view: ComparisonView, changes: ChangesByRun): string {
  const { runs } = view;
  const settings = [...new Set(runs.flatMap((compared) => Object.keys(settingsOfView(compared))))];
  const rows = [
    ...runs.map((run) => ({ ...overallRow(run, settings), ...changeCells(changes, run) })),
    ...runs.flatMap((run) => classRows(run, settings)),
  ];
  const [first, ...others] = rows;
  const definitions = definitionsOf(view.runs.flatMap(({ evaluation }) => evaluation ?? [])).map(
    ([name, text]) => `${name}: ${text}`,
  );
  const written: Row[] = [{ ...first, definitions: definitions.join(' ') }, ...others];
  const columns = [...new Set([...rows, ...written].flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...written.map((row) => columns.map((column) => row[column] ?? null))];
  return lines.map((cells) => `${cells.map(formatCell).join(',')}\r\n`).join('');
}

function overallRow(compared: ComparedModel, settings: readonly string[]): Row {
  const { evaluation } = compared;
  return {
    ...describe(compared),
    class: null,
    ...shareCells('ca', evaluation?.ca ?? null),
    ...shareCells('asr', evaluation?.asr ?? null),
    ...shareCells('top5', evaluation?.top5 ?? null),
    ...shareCells('clean_as_target', evaluation?.cleanAsTarget ?? null),
    ...Object.assign(
      {},
      ...metricNames.map((name) => shareCells(toColumn(name), evaluation?.metrics[name] ?? null)),
    ),
    implanted: evaluation?.implanted ?? null,
    notes: compared.notes.join(' ') || null,
    ...settingCells(compared, settings),
  };
}

function changeCells(changes: ChangesByRun, { id }: ComparedModel): Row {
  if (Object.keys(changes).length === 0) return {};
  return Object.assign(
    {},
    ...pairedShares.map((name) => {
      const column = `${toColumn(name)}_change`;
      const change = changes[id]?.[name];
      return {
        [column]: change?.value ?? null,
        [`${column}_low`]: change?.low ?? null,
        [`${column}_high`]: change?.high ?? null,
      };
    }),
  );
}

function classRows(compared: ComparedModel, settings: readonly string[]): Row[] {
  return (compared.evaluation?.perClass ?? []).map((row) => ({
    ...describe(compared),
    class: row.class,
    ...shareCells('ca', row.accuracy),
    ...shareCells('asr', row.attackSuccess),
    ...shareCells('top5', row.top5),
    ...settingCells(compared, settings),
  }));
}

/** `poisonedAccuracy` as the other columns are spelled: `poisoned_accuracy`. */
const toColumn = (name: string): string => name.replaceAll(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`);

function describe({ id, name, role, group, dataset, evaluation, attack, run }: ComparedModel): Row {
  return {
    run: name,
    run_id: id,
    role,
    group,
    dataset: evaluation?.dataset ?? dataset?.name ?? null,
    variant: evaluation?.variant ?? null,
    attack: evaluation?.variant ? evaluation.part + 1 : null,
    attacks: evaluation?.variant ? evaluation.attacks : null,
    trigger: attack?.trigger ?? null,
    trigger_parameters: attack === null ? null : JSON.stringify(attack.parameters),
    trigger_resolution: attack?.resolution ?? null,
    strategy: attack?.strategy ?? null,
    poisoned_pairs: attack?.poisons ?? null,
    poison_rate: attack?.rate ?? null,
    attack_seed: attack?.seed ?? null,
    manifest_sha256: attack?.manifestSha256 ?? null,
    program: run?.environment?.program ?? null,
    target: evaluation?.target ?? null,
    target_is_class: evaluation?.targetIsClass ?? null,
    test_split: evaluation?.testSplit ?? null,
    training_pictures: evaluation?.trainingPictures ?? null,
    trained_on_attack: evaluation?.trainedOn ?? null,
  };
}

function shareCells(name: string, share: Share | null): Row {
  return {
    [name]: share?.value ?? null,
    [`${name}_low`]: share?.low ?? null,
    [`${name}_high`]: share?.high ?? null,
    [`${name}_hits`]: share?.hits ?? null,
    [`${name}_count`]: share?.count ?? null,
  };
}

/** Of a model from a file only the architecture is known. */
const settingsOfView = ({ run, architecture }: ComparedModel): Settings =>
  run === null ? { architecture } : chosenSettings(run);

function settingCells(compared: ComparedModel, settings: readonly string[]): Row {
  const { run } = compared;
  const values = new Map(Object.entries(settingsOfView(compared)));
  return {
    ...Object.fromEntries(settings.map((name) => [`setting_${name}`, values.get(name) ?? null])),
    setting_parent: run?.parent?.name ?? null,
    setting_backend: run?.environment?.backend ?? null,
  };
}

function formatCell(cell: Cell): string {
  const text = typeof cell === 'string' ? guardCell(cell) : String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
