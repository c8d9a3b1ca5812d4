import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seedInterval } from '#core/statistics/seed-interval.ts';

test('three seeds, worked out by hand', () => {
  // Mean 0.4; deviations -0.02, 0, 0.02: s = 0.02; 4.30265 x 0.02 / sqrt(3) = 0.049683.
  const { mean, low, high } = seedInterval([0.38, 0.4, 0.42]);
  expect(mean).toBeCloseTo(0.4, 12);
  expect(low).toBeCloseTo(0.350317, 6);
  expect(high).toBeCloseTo(0.449683, 6);
});

test('two seeds: 12.7062 times half their distance', () => {
  const { low, high } = seedInterval([0.49, 0.51]);
  expect(low).toBeCloseTo(0.5 - 0.127062, 6);
  expect(high).toBeCloseTo(0.5 + 0.127062, 6);
});

test('equal shares have an interval of no width, wide ones are cut at 0 and 1', () => {
  expect(seedInterval([0.25, 0.25, 0.25])).toEqual({ mean: 0.25, low: 0.25, high: 0.25 });
  expect(seedInterval([0.1, 0.9])).toEqual({ mean: 0.5, low: 0, high: 1 });
});

test('one seed has none', () => {
  expect(() => seedInterval([0.5])).toThrow(expect.objectContaining({ kind: 'internal' }));
});

test('the mean lies in its interval, the order of seeds does not matter', () => {
  const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(shares, (some) => {
      const { mean, low, high } = seedInterval(some);
      expect(low).toBeLessThanOrEqual(mean + 1e-12);
      expect(high).toBeGreaterThanOrEqual(mean - 1e-12);
      const turned = seedInterval(some.toReversed());
      expect(turned.low).toBeCloseTo(low, 9);
      expect(turned.high).toBeCloseTo(high, 9);
    }),
  );
});
