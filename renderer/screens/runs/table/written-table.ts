import type { RunTable } from '#contract/api/runs.ts';
import type { writeTable } from '#core/run-table/export-table.ts';
import type { TableRow } from '#core/run-table/filter.ts';
import type { TableColumn } from './table-state.ts';

/** A table as files hold it. */
export interface WrittenTable {
  columns: Parameters<typeof writeTable>[1];
  rows: Parameters<typeof writeTable>[2];
}

/**
 * What the run table shows, as rows to write: runs, or groups with their counts and means. Behind each mean stand the
 * ends of its 95 % interval, in columns of their own so that a program can read them.
 * @param names of the columns shown, in their order
 */
export function writtenTable(
  { rows, groups }: Pick<RunTable, 'rows' | 'groups'>,
  group: readonly string[],
  names: readonly string[],
  known: ReadonlyMap<string, TableColumn>,
): WrittenTable {
  const columnsOf = (wanted: readonly string[]) => wanted.flatMap((name) => known.get(name) ?? []);
  if (group.length === 0) return { columns: columnsOf(names), rows };
  const hasMean = (name: string) => groups.some(({ cells }) => cells[name]?.kind === 'mean');
  return {
    columns: [
      ...columnsOf(group),
      { name: 'count', label: 'Runs', unit: null, numeric: true },
      ...columnsOf(names.filter((name) => !group.includes(name))).flatMap((column) =>
        hasMean(column.name) ? [column, ...intervalOf(column)] : [column],
      ),
    ],
    rows: groups.map(({ by, count, cells }) => ({
      ...Object.assign({}, ...Object.entries(cells).map(([name, cell]) => writtenCells(name, cell))),
      ...by,
      count,
    })),
  };
}

/** The ends of an interval: the ending of the column's name, and the word for it. */
const ends = { low: 'Low', high: 'High' } as const;

const intervalOf = (column: TableColumn): WrittenTable['columns'] =>
  Object.entries(ends).map(([word, ending]) => ({
    ...column,
    name: `${column.name}${ending}`,
    label: `${column.label} 95 % ${word}`,
  }));

function writtenCells(name: string, cell: RunTable['groups'][number]['cells'][string]): TableRow {
  if (cell.kind === 'same') return { [name]: cell.value };
  if (cell.kind === 'several') return { [name]: `${cell.distinct} values` };
  return { [name]: cell.mean, [`${name}${ends.low}`]: cell.low, [`${name}${ends.high}`]: cell.high };
}
