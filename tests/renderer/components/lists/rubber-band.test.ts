import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexesInBand } from '../../../../renderer/components/lists/rubber-band.ts';

// Three columns of 100 px and 8 px between, rows of 80 px with 8 px between.
const grid = { columns: 3, count: 8, itemWidth: 108, rowPx: 88, gap: 8 };

test('a rectangle takes the items that it touches, not those whose gap it touches', () => {
  expect(indexesInBand({ from: { x: 10, y: 10 }, to: { x: 150, y: 100 } }, grid)).toEqual([0, 1, 3, 4]);
  // From the gap after the first column to the middle of the second, however it is drawn.
  expect(indexesInBand({ from: { x: 150, y: 20 }, to: { x: 102, y: 10 } }, grid)).toEqual([1]);
  // Below the last row and beyond the last item.
  expect(indexesInBand({ from: { x: 220, y: 200 }, to: { x: 320, y: 600 } }, grid)).toEqual([]);
});

test('the whole list gives every index once, and a point inside an item gives that item', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 60 }),
      fc.nat(),
      (columns, count, seed) => {
        const measures = { ...grid, columns, count };
        const all = indexesInBand({ from: { x: 0, y: 0 }, to: { x: 1e6, y: 1e6 } }, measures);
        expect(all).toEqual(Array.from({ length: count }, (_, index) => index));
        const index = seed % count;
        const at = { x: (index % columns) * 108 + 50, y: Math.floor(index / columns) * 88 + 40 };
        expect(indexesInBand({ from: at, to: at }, measures)).toEqual([index]);
      },
    ),
  );
});
