import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pairedBootstrap } from '#core/statistics/paired-bootstrap.ts';

/** Of `count` pictures only the first gets `gained`, only the second `lost`, both `both`. */
function answers(count: number, gained: number, lost: number, both: number) {
  const own = Array.from(
    { length: count },
    (_, at) => at < gained || (at >= gained + lost && at < gained + lost + both),
  );
  const other = Array.from({ length: count }, (_, at) => at >= gained && at < gained + lost + both);
  return [own, other] as const;
}

test('the interval is that of the normal approximation where there are many pictures', () => {
  // Differences are 1 (30 %), -1 (10 %) and 0: mean 0.2, variance 0.4 - 0.04 = 0.36, deviation of the mean 0.6 / 100.
  const [own, other] = answers(10_000, 3000, 1000, 2000);
  const found = pairedBootstrap(own, other)!;
  expect(found.value).toBeCloseTo(0.2, 12);
  expect(found.count).toBe(10_000);
  // 1.96 x 0.006 = 0.01176; 2,000 resamples place an end within about 0.0004.
  expect(found.low).toBeGreaterThan(0.2 - 0.01176 - 0.0015);
  expect(found.low).toBeLessThan(0.2 - 0.01176 + 0.0015);
  expect(found.high).toBeGreaterThan(0.2 + 0.01176 - 0.0015);
  expect(found.high).toBeLessThan(0.2 + 0.01176 + 0.0015);
});

test('pictures that both answer alike add nothing to the difference, and the same answers have none', () => {
  const [own] = answers(50, 20, 0, 10);
  expect(pairedBootstrap(own, own)).toEqual({ value: 0, low: 0, high: 0, count: 50 });
  expect(pairedBootstrap([], [])).toBeNull();
  const all = Array.from({ length: 7 }, () => true);
  expect(
    pairedBootstrap(
      all,
      all.map(() => false),
    ),
  ).toEqual({ value: 1, low: 1, high: 1, count: 7 });
});

test('the interval holds the difference, stays within [-1, 1], and turns round with its sides', () => {
  const pair = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(pair, (both) => {
      const own = both.map(([first]) => first);
      const other = both.map(([, second]) => second);
      const found = pairedBootstrap(own, other)!;
      const turned = pairedBootstrap(other, own)!;
      expect(found.value).toBeCloseTo(-turned.value, 12);
      expect(found.low).toBeLessThanOrEqual(found.value);
      expect(found.high).toBeGreaterThanOrEqual(found.value);
      expect(Math.abs(found.low)).toBeLessThanOrEqual(1);
      expect(Math.abs(found.high)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 40 },
  );
});
