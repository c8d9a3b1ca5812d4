import { expect, test } from 'vitest';
import { writeTable } from '#core/run-table/export-table.ts';
import type { TableColumn } from '../../../../../renderer/screens/runs/table/table-state.ts';
import { writtenTable } from '../../../../../renderer/screens/runs/table/written-table.ts';

const column = (name: string, label: string, more: Partial<TableColumn> = {}): TableColumn => ({
  name,
  label,
  topic: 'results',
  unit: null,
  numeric: false,
  ...more,
});
const known = new Map(
  [
    column('name', 'Run'),
    column('lambda', 'Lambda', { numeric: true }),
    column('asr', 'ASR', { unit: 'percent', numeric: true }),
  ].map((one) => [one.name, one]),
);

test('runs are written with the columns that are shown, in their order', () => {
  const rows = [{ id: 'run_1', name: 'one', asr: 12.5 }];
  const { columns } = writtenTable({ rows, groups: [] }, [], ['asr', 'name'], known);
  expect(writeTable('csv', columns, rows)).toBe('"ASR, %",Run\r\n12.5,one\r\n');
});

test('groups are written with their count, mean and interval', () => {
  const table = writtenTable(
    {
      rows: [],
      groups: [
        {
          by: { lambda: 4 },
          count: 3,
          ids: ['a', 'b', 'c'],
          cells: {
            name: { kind: 'several', distinct: 3 },
            asr: { kind: 'mean', mean: 10, low: 7.5, high: 12.5, count: 3 },
          },
        },
        {
          by: { lambda: 8 },
          count: 1,
          ids: ['d'],
          cells: {
            name: { kind: 'same', value: 'd' },
            asr: { kind: 'mean', mean: 5, low: null, high: null, count: 1 },
          },
        },
      ],
    },
    ['lambda'],
    ['name', 'lambda', 'asr'],
    known,
  );
  expect(writeTable('csv', table.columns, table.rows)).toBe(
    [
      'Lambda,Runs,Run,"ASR, %","ASR 95 % low, %","ASR 95 % high, %"',
      '4,3,3 values,10,7.5,12.5',
      '8,1,d,5,,',
      '',
    ].join('\r\n'),
  );
});
