import type { RunTable } from '#contract/api/runs.ts';
import type { writeTable } from '#core/run-table/export-table.ts';
import type { TableColumn } from './table-state.ts';

/** A table as files hold it. */
export interface WrittenTable {
  columns: Parameters<typeof writeTable>[1];
  rows: Parameters<typeof writeTable>[2];
}

/**
 * What the run table shows, as rows to write: runs, or groups with their means and counts.
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
  return {
    columns: [
      ...columnsOf(group),
      { name: 'count', label: 'Runs', unit: null, numeric: true },
      ...columnsOf(names.filter((name) => !group.includes(name))),
    ],
    rows: groups.map(({ by, count, cells }) => ({
      ...Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, writtenCell(cell)])),
      ...by,
      count,
    })),
  };
}

function writtenCell(cell: RunTable['groups'][number]['cells'][string]) {
  if (cell.kind === 'mean') return cell.mean;
  return cell.kind === 'same' ? cell.value : `${cell.distinct} values`;
}
