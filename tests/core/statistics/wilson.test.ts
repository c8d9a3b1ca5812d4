import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wilson } from '#core/statistics/wilson.ts';

// Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3, to four places.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('%i of %i', (hits, count, low, high) => {
  const share = wilson(hits, count);
  expect(share.value).toBe(hits / count);
  expect(share.low).toBeCloseTo(low, 4);
  expect(share.high).toBeCloseTo(high, 4);
});

test('of nothing, nothing is known', () => {
  expect(wilson(0, 0)).toEqual({ hits: 0, count: 0, value: 0, low: 0, high: 1 });
});

test('the interval holds the share, lies in [0, 1] and mirrors for the misses', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(), (count, seed) => {
      const hits = seed % (count + 1);
      const { value, low, high } = wilson(hits, count);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
      expect(high).toBeLessThanOrEqual(1);
      expect(wilson(count - hits, count).low).toBeCloseTo(1 - high, 9);
    }),
  );
});
