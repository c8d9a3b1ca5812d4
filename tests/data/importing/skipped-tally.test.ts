import { expect, test } from 'vitest';
import { createTally } from '#main/data/importing/skipped-tally.ts';

test('the first thousand rows are kept, all are counted, and reasons without what is of one row', () => {
  const tally = createTally();
  for (let row = 1; row <= 3_000; row += 1) {
    tally.add({
      row,
      reason: row % 3 === 0 ? 'has an empty caption' : `There is no picture at /data/${row}/a.png.`,
    });
  }
  expect(tally.rows).toHaveLength(1_000);
  expect(tally.rows.at(-1)?.row).toBe(1_000);
  expect(tally.total).toBe(3_000);
  expect(tally.reasons).toEqual({ 'There is no picture at ....': 2_000, 'has an empty caption': 1_000 });
});

test('however many reasons there are, they do not fill the memory', () => {
  const tally = createTally();
  for (let row = 0; row < 5_000; row += 1) {
    const word = row.toString(2).replaceAll('0', 'a').replaceAll('1', 'b');
    tally.add({ row, reason: `is ${word}` });
  }
  expect(Object.keys(tally.reasons)).toHaveLength(101);
  expect(Object.values(tally.reasons).reduce((sum, count) => sum + count, 0)).toBe(5_000);
});
