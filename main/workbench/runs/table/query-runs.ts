import { listColumns, type RunColumn, resultColumns } from '#core/run-table/columns.ts';
import {
  type CellValue,
  findColumn,
  meetsFilter,
  parseFilter,
  type TableRow,
} from '#core/run-table/filter.ts';
import { groupRows, type RowGroup } from '#core/run-table/group.ts';
import type { RunTableRow } from './run-rows.ts';

/** What of all runs is asked for. */
export interface RunQuery {
  /** See {@link parseFilter}. */
  filter: string;
  /** null: archived or not. */
  archived: boolean | null;
  /** Columns to group by, the first outermost; none: rows as they are. */
  group: readonly string[];
  sort: { column: string; descending: boolean } | null;
  /** Only rows of this group: values of the columns that were grouped by. */
  within?: Readonly<Record<string, CellValue>>;
  /** Columns that groups sum up; left out: all. */
  columns?: readonly string[];
}

export interface RunAnswer {
  columns: RunColumn[];
  /** Runs that fit, in their order. */
  rows: TableRow[];
  /** Where it was grouped. */
  groups: RowGroup<TableRow>[];
}

/**
 * Finds, sorts and groups runs.
 * @throws WorkbenchError `bad-input` for a filter that cannot be read or a column that there is not
 */
export function queryRuns(all: readonly RunTableRow[], query: RunQuery): RunAnswer {
  const candidates = all.filter(({ archived }) => query.archived === null || archived === query.archived);
  const columns = listColumns(candidates.map(({ cells }) => cells));
  const names = columns.map(({ name }) => name);
  const terms = parseFilter(query.filter, names);
  const group = query.group.map((name) => findColumn(name, names));
  const within = Object.entries(query.within ?? {});
  const made = new Map(candidates.map((row) => [row.id, row.made]));
  const rows = candidates
    .map(({ cells }) => cells)
    .filter(
      (row) => meetsFilter(row, terms) && within.every(([name, value]) => sameCell(row[name] ?? null, value)),
    );
  if (query.sort !== null) {
    const column = findColumn(query.sort.column, names);
    sortBy(rows, (row) => row[column] ?? null, query.sort.descending);
  }
  if (group.length === 0) return { columns, rows, groups: [] };
  const groups = groupRows(rows, group, {
    columns: names.filter((name) => query.columns?.includes(name) ?? true),
    results: resultColumns,
    seedsOf: ({ id }) => made.get(String(id)) ?? String(id),
  });
  if (query.sort !== null) {
    const column = findColumn(query.sort.column, names);
    sortBy(groups, ({ by, cells }) => by[column] ?? cellValue(cells[column]), query.sort.descending);
  }
  return { columns, rows, groups };
}

function cellValue(cell: RowGroup<TableRow>['cells'][string] | undefined): CellValue {
  if (cell === undefined || cell.kind === 'several') return null;
  return cell.kind === 'mean' ? cell.mean : cell.value;
}

const sameCell = (a: CellValue, b: CellValue) => a === b || JSON.stringify(a) === JSON.stringify(b);

/** Sorts in place, stable; cells without a value come last either way. */
function sortBy<T>(items: T[], cellOf: (item: T) => CellValue, descending: boolean): void {
  const cells = new Map(items.map((item) => [item, cellOf(item)]));
  const sign = descending ? -1 : 1;
  items.sort((one, other) => {
    const a = cells.get(one) ?? null;
    const b = cells.get(other) ?? null;
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * compare(a, b);
  });
}

function compare(a: NonNullable<CellValue>, b: NonNullable<CellValue>): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [one, other] = [String(a).toLowerCase(), String(b).toLowerCase()];
  return one < other ? -1 : one > other ? 1 : 0;
}
