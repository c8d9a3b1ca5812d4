import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countInBins, findEdges } from '#core/statistics/histogram.ts';

test('bins of equal width, and what lies beyond in the outer ones', () => {
  expect(countInBins([-5, 0, 0.9, 1, 2.5, 99], [0, 1, 2, 3])).toEqual([3, 1, 2]);
  // 0 to 100 without the outer hundredths: 1 to 99.
  const edges = findEdges(
    Array.from({ length: 101 }, (_, at) => at),
    2,
  );
  expect(edges).toEqual([1, 50, 99]);
  expect(findEdges([3, 3, 3], 1)).toEqual([3, 4]);
});

test('every value is in one bin', () => {
  const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 20 }), (list, bins) => {
      const counts = countInBins(list, findEdges(list, bins));
      expect(counts).toHaveLength(bins);
      expect(counts.reduce((sum, one) => sum + one, 0)).toBe(list.length);
    }),
    { numRuns: 50 },
  );
});
