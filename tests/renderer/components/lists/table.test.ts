import { expect, test } from 'vitest';
import {
  type Column,
  nextSort,
  sortFromText,
  sortRows,
  sortToText,
} from '../../../../renderer/components/lists/table.ts';

interface Row {
  name: string;
  asr: number | null;
}
const columns: Column<Row>[] = [
  { id: 'name', header: 'Name', value: (row) => row.name },
  { id: 'asr', header: 'ASR', value: (row) => row.asr },
];
const rows: Row[] = [
  { name: 'run 10', asr: 0.2 },
  { name: 'run 9', asr: null },
  { name: 'run 1', asr: 0.9 },
];
const names = (sorted: readonly Row[]) => sorted.map((row) => row.name);

test('numbers inside names count as numbers', () => {
  expect(names(sortRows(rows, columns, { column: 'name', descending: false }))).toEqual([
    'run 1',
    'run 9',
    'run 10',
  ]);
});

test('what was not counted comes last in both directions', () => {
  expect(names(sortRows(rows, columns, { column: 'asr', descending: false }))).toEqual([
    'run 10',
    'run 1',
    'run 9',
  ]);
  expect(names(sortRows(rows, columns, { column: 'asr', descending: true }))).toEqual([
    'run 1',
    'run 10',
    'run 9',
  ]);
});

test('an unknown column leaves the rows as they came', () => {
  expect(sortRows(rows, columns, { column: 'gone', descending: true })).toBe(rows);
});

test('a head goes up, down, back, and an order survives the address', () => {
  const up = nextSort(null, 'asr');
  const down = nextSort(up, 'asr');
  expect([up, down, nextSort(down, 'asr')]).toEqual([
    { column: 'asr', descending: false },
    { column: 'asr', descending: true },
    null,
  ]);
  for (const sort of [up, down, null]) expect(sortFromText(sortToText(sort))).toEqual(sort);
});
