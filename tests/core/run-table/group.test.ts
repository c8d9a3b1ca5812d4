import { expect, test } from 'vitest';
import { groupRows } from '#core/run-table/group.ts';

const rows = [
  { name: 'a', lambda: 1, seed: 0, asr: 10 },
  { name: 'b', lambda: 1, seed: 1, asr: 20 },
  { name: 'c', lambda: 4, seed: 0, asr: 5 },
  { name: 'b again', lambda: 1, seed: 1, asr: 20 },
  { name: 'd', lambda: 4, seed: 1, asr: null },
];
const how = {
  columns: ['name', 'lambda', 'seed', 'asr'],
  results: new Set(['asr']),
  seedsOf: ({ seed }: { seed: number }) => String(seed),
};

test('groups in their order, a run made twice counts once, the interval by hand', () => {
  const [first, second] = groupRows(rows, ['lambda'], how);
  expect(first?.by).toEqual({ lambda: 1 });
  expect(first?.rows.map(({ name }) => name)).toEqual(['a', 'b', 'b again']);
  // Mean 15; s = 7.0711; 12.7062 x 7.0711 / sqrt(2) = 63.531.
  expect(first?.cells.asr).toMatchObject({ kind: 'mean', mean: 15, count: 2 });
  expect(first?.cells.asr).toMatchObject({ low: expect.closeTo(15 - 63.531, 3) });
  expect(first?.cells.lambda).toEqual({ kind: 'same', value: 1 });
  expect(first?.cells.name).toEqual({ kind: 'several', distinct: 3 });
  expect(second?.cells.asr).toEqual({ kind: 'mean', mean: 5, low: null, high: null, count: 1 });
});

test('a repetition that is not measured does not stand in for the run that is', () => {
  const again = { name: 'b once more', lambda: 1, seed: 1, asr: null };
  const [first] = groupRows([...rows, again], ['lambda'], how);
  expect(first?.rows).toHaveLength(4);
  expect(first?.cells.asr).toMatchObject({ kind: 'mean', mean: 15, count: 2 });
});

test('by nothing: one group; nothing measured: no mean', () => {
  expect(groupRows(rows, [], how).map(({ rows: own }) => own.length)).toEqual([5]);
  const [group] = groupRows([{ name: 'x', lambda: 1, seed: 0, asr: null }], ['name'], how);
  expect(group?.cells.asr).toEqual({ kind: 'same', value: null });
});
