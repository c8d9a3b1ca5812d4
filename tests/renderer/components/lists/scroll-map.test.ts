import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createScrollMap,
  longestElementPx,
  revealRow,
  visibleRows,
} from '../../../../renderer/components/lists/scroll-map.ts';

test('a list that fits is not stretched', () => {
  expect(createScrollMap(28_000, 600)).toEqual({ total: 28_000, physical: 28_000, ratio: 1 });
});

test('a million rows of 28 px stay under the tallest element of any browser, and the end is reached', () => {
  const map = createScrollMap(28_000_000, 600);
  expect(map.physical).toBe(longestElementPx);
  expect(longestElementPx).toBeLessThan(17_800_000);
  const endOfBar = map.physical - 600;
  expect(endOfBar * map.ratio).toBeCloseTo(28_000_000 - 600, 3);
  expect(visibleRows(endOfBar * map.ratio, 600, 28, 1_000_000, 0).last).toBe(999_999);
});

test('the rows drawn are exactly those that touch the viewport', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3_000_000 }),
      fc.integer({ min: 10, max: 200 }),
      fc.integer({ min: 1, max: 2000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (rows, rowPx, viewport, part) => {
        const top = part * Math.max(0, rows * rowPx - viewport);
        const { first, last } = visibleRows(top, viewport, rowPx, rows, 0);
        const touches = (row: number) => (row + 1) * rowPx > top && row * rowPx < top + viewport;
        expect(touches(first)).toBe(true);
        expect(touches(last)).toBe(true);
        if (first > 0) expect(touches(first - 1)).toBe(false);
        if (last < rows - 1) expect(touches(last + 1)).toBe(false);
      },
    ),
  );
});

test('revealing moves no further than it must', () => {
  expect(revealRow(10, 0, 300, 30)).toBe(30);
  expect(revealRow(2, 90, 300, 30)).toBe(60);
  expect(revealRow(5, 90, 300, 30)).toBe(90);
});
