import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guardCell, unguardCell } from '#main/data/tables/spreadsheet-safe.ts';

test.each([
  ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
  ['@SUM(1+1)', "'@SUM(1+1)"],
  ['-1+1', "'-1+1"],
  ['+a', "'+a"],
  ['\tx', "'\tx"],
  ['\rx', "'\rx"],
  ["'=x", "''=x"],
  ['-1.5', '-1.5'],
  ['+3e-7', '+3e-7'],
  ['a = b', 'a = b'],
  ["'tis", "'tis"],
  ['', ''],
])('%j becomes %j', (text, cell) => {
  expect(guardCell(text)).toBe(cell);
});

test('whatever the text is, it comes back, and no guarded cell is run', () => {
  const text = fc.array(fc.constantFrom("'", '=', '-', '+', '@', '\t', '\r', 'a', '1', '.'), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(
      text.map((characters) => characters.join('')),
      (written) => {
        const cell = guardCell(written);
        expect(unguardCell(cell)).toBe(written);
        expect(/^[=+\-@\t\r]/.test(cell) && !/^[+-]\d+(\.\d+)?$/.test(cell)).toBe(false);
      },
    ),
  );
});
