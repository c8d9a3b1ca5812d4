import { groupBy } from '../group-by.ts';
import { meanInterval } from '../statistics/seed-interval.ts';
import type { CellValue, TableRow } from './filter.ts';

/** A column of a group: one value for all rows, a mean with its 95 % interval, or several values. */
export type GroupCell =
  | { kind: 'same'; value: CellValue }
  /** Of the rows that have a number; `count` of them. No interval for fewer than two. */
  | { kind: 'mean'; mean: number; low: number | null; high: number | null; count: number }
  | { kind: 'several'; distinct: number };

export interface RowGroup<Row extends TableRow> {
  /** Values of the columns that were grouped by. */
  by: Record<string, CellValue>;
  rows: Row[];
  cells: Record<string, GroupCell>;
}

/**
 * Rows that agree in all columns of `by`, in the order in which each group first comes.
 * @param columns columns to summarise; those of `results` by their mean, also where all rows agree
 * @param seedsOf rows with the same seeds count once in a mean: a run made twice is no second seed
 */
export function groupRows<Row extends TableRow>(
  rows: readonly Row[],
  by: readonly string[],
  {
    columns,
    results,
    seedsOf,
  }: { columns: readonly string[]; results: ReadonlySet<string>; seedsOf: (row: Row) => string },
): RowGroup<Row>[] {
  const groups = groupBy(rows, (row) => JSON.stringify(by.map((column) => row[column] ?? null)));
  return [...groups.values()].map((own) => {
    return {
      by: Object.fromEntries(by.map((column) => [column, own[0]?.[column] ?? null])),
      rows: own,
      cells: Object.fromEntries(
        columns.map((column) => [
          column,
          results.has(column) ? meanOf(own, column, seedsOf) : summarise(own, column),
        ]),
      ),
    };
  });
}

/** A repetition that is not measured, because it failed or is under way, does not stand in for one that is. */
function meanOf<Row extends TableRow>(
  rows: readonly Row[],
  column: string,
  seedsOf: (row: Row) => string,
): GroupCell {
  const bySeed = new Map<string, number>();
  for (const row of rows) {
    const value = row[column];
    if (typeof value === 'number') bySeed.set(seedsOf(row), value);
  }
  const values = [...bySeed.values()];
  if (values.length === 0) return { kind: 'same', value: null };
  if (values.length === 1) return { kind: 'mean', mean: values[0]!, low: null, high: null, count: 1 };
  return { kind: 'mean', ...meanInterval(values), count: values.length };
}

function summarise(rows: readonly TableRow[], column: string): GroupCell {
  const distinct = new Set(rows.map((row) => comparable(row[column] ?? null)));
  if (distinct.size === 1) return { kind: 'same', value: rows[0]?.[column] ?? null };
  return { kind: 'several', distinct: distinct.size };
}

/** Lists are compared by what they hold. */
const comparable = (cell: CellValue) =>
  cell !== null && typeof cell === 'object' ? JSON.stringify(cell) : cell;
