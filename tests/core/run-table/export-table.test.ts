import { expect, test } from 'vitest';
import { writeTable } from '#core/run-table/export-table.ts';

const columns = [
  { name: 'name', label: 'Run', unit: null, numeric: false },
  { name: 'asr', label: 'ASR', unit: 'percent' as const, numeric: true },
  { name: 'tags', label: 'Tags', unit: null, numeric: false },
];
const rows = [
  { name: 'a, "b"', asr: 12.345, tags: ['x', 'y'] },
  { name: '=1+1', asr: null, tags: [] },
  { name: 'c_1 & d', asr: -3, tags: [] },
];

test('CSV by RFC 4180, formulas made harmless, numbers as they are', () => {
  expect(writeTable('csv', columns, rows)).toBe(
    'Run,"ASR, %",Tags\r\n"a, ""b""",12.345,x y\r\n\'=1+1,,\r\nc_1 & d,-3,\r\n',
  );
});

test('LaTeX with one decimal, and nothing in it is a command', () => {
  const text = writeTable('latex', columns, rows);
  expect(text).toContain('\\begin{tabular}{lrl}');
  expect(text).toContain('  c\\_1 \\& d & -3.0 &  \\\\');
  expect(text).toContain('  =1+1 & -- &  \\\\');
});

test('JSON holds what is shown, and reads back', () => {
  expect(JSON.parse(writeTable('json', columns, rows))).toMatchObject({
    columns: [{ name: 'name' }, { name: 'asr', unit: 'percent' }, { name: 'tags' }],
    rows,
  });
});

test('for the clipboard one line a run', () => {
  expect(writeTable('tabs', columns, [{ name: 'two\nlines', asr: 1, tags: [] }])).toBe(
    'Run\tASR, %\tTags\ntwo lines\t1\t\n',
  );
});
