import type { z } from 'zod';
import type { RunTable, runTableRequestSchema } from '#contract/api/runs.ts';
import type { CellValue, TableRow } from '#core/run-table/filter.ts';
import { queryRuns } from './query-runs.ts';
import type { RunTableRow } from './run-rows.ts';

/** One page of the run table. @throws WorkbenchError `bad-input` for the filter or a column */
export function viewRunTable(
  all: readonly RunTableRow[],
  { columns: wanted, offset, limit, ...query }: z.output<typeof runTableRequestSchema>,
): RunTable {
  const { columns, rows, groups } = queryRuns(all, { ...query, ...(wanted ? { columns: wanted } : {}) });
  const page = <T>(items: readonly T[]) => items.slice(offset, offset + limit);
  const pick = (row: TableRow) => toWire(row, wanted);
  return {
    columns,
    total: rows.length,
    rows: query.group.length > 0 ? [] : page(rows).map(pick),
    groupTotal: groups.length,
    groups: page(groups).map(({ by, rows: own, cells }) => ({
      by: toWire(by),
      count: own.length,
      ids: own.map(({ id }) => String(id)),
      cells: Object.fromEntries(
        Object.entries(cells).map(([name, cell]) => [
          name,
          cell.kind === 'same' ? { kind: 'same' as const, value: plain(cell.value) } : cell,
        ]),
      ),
    })),
  };
}

type WireCell = RunTable['rows'][number][string];

function toWire(row: TableRow, wanted?: readonly string[]): Record<string, WireCell> {
  const names = wanted === undefined ? Object.keys(row) : ['id', ...wanted];
  return Object.fromEntries(names.map((name) => [name, plain(row[name] ?? null)]));
}

const plain = (cell: CellValue): WireCell => (cell !== null && typeof cell === 'object' ? [...cell] : cell);
