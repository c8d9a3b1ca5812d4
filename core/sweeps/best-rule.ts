import { WorkbenchError } from '#contract/errors.ts';
import type { BestRule, Varied } from '#contract/sweep.ts';
import { triggerSchema } from '#contract/trigger.ts';
import { groupBy } from '../group-by.ts';
import { listColumns, type RunColumn } from '../run-table/columns.ts';
import { type FilterTerm, findColumn, meetsFilter, parseFilter, type TableRow } from '../run-table/filter.ts';
import { withoutSeeds } from './without-seeds.ts';

/** Columns that a rule may name: those that all runs have, and each parameter of each trigger. */
const columns: readonly RunColumn[] = listColumns([
  Object.fromEntries(
    triggerSchema.options.flatMap(({ shape }) =>
      Object.keys(shape).map((parameter) => [`trigger.${parameter}`, 0] as const),
    ),
  ),
]);
const names = columns.map(({ name }) => name);

/** A rule that was read: its column by its own spelling, and the conditions of its filter. */
interface ReadRule {
  column: string;
  terms: FilterTerm[];
}

/**
 * Checks a rule before a sweep is kept with it.
 * @throws WorkbenchError `bad-input` for a column that there is not or that has no numbers, or a filter that cannot be read
 */
export function checkBestRule(rule: BestRule): void {
  readRule(rule);
}

function readRule({ column: name, where }: BestRule): ReadRule {
  const column = findColumn(name, names);
  if (columns.some((one) => one.name === column && !one.numeric)) {
    throw new WorkbenchError(
      'bad-input',
      `best.column: '${name}' has no numbers: take a result such as asr.`,
      {
        field: 'best.column',
      },
    );
  }
  return { column, terms: parseFilter(where, names) };
}

/** A run of a sweep that is made: what it varied, and its row in the run table. */
export interface RankedRun {
  varied: Varied;
  row: TableRow;
}

/** Runs that differ in seeds alone, and the mean of the rule's column over them (shares in per cent). */
export interface BestRuns {
  varied: Record<string, string | number | boolean>;
  runIds: string[];
  column: string;
  mean: number;
}

/**
 * The runs that differ in seeds alone whose mean is the lowest or highest; of those that meet the rule's filter.
 * null: none is measured, or the rule of a sweep that an older program kept cannot be read.
 */
export function findBest(rule: BestRule, runs: readonly RankedRun[]): BestRuns | null {
  const read = tryRead(rule);
  if (read === null) return null;
  const { column, terms } = read;
  const measured = runs.flatMap(({ varied, row }) => {
    const value = row[column];
    if (typeof value !== 'number' || !meetsFilter(row, terms)) return [];
    return [{ varied: withoutSeeds(varied), value, runId: String(row.id) }];
  });
  const means = [...groupBy(measured, ({ varied }) => JSON.stringify(varied)).values()].map(
    (own): BestRuns => ({
      varied: { ...own[0]?.varied },
      runIds: own.map(({ runId }) => runId),
      column,
      mean: own.reduce((sum, { value }) => sum + value, 0) / own.length,
    }),
  );
  const sign = rule.direction === 'lowest' ? 1 : -1;
  return means.sort((a, b) => sign * (a.mean - b.mean))[0] ?? null;
}

function tryRead(rule: BestRule): ReadRule | null {
  try {
    return readRule(rule);
  } catch (error) {
    if (error instanceof WorkbenchError) return null;
    throw error;
  }
}
