import fc from 'fast-check';
import { expect, it } from 'vitest';
import { thinSeries } from '#core/statistics/thin-series.ts';

const series = (values: number[]) => ({ name: 'loss', steps: values.map((_, index) => index + 1), values });

it('keeps a peak that evenly spaced points would miss', () => {
  const values = Array.from({ length: 10_000 }, () => 1);
  values[5_003] = 9;
  values[7_777] = -4;
  const thin = thinSeries(series(values), 100);
  expect(thin.values).toContain(9);
  expect(thin.values).toContain(-4);
  expect(thin.steps[thin.values.indexOf(9)]).toBe(5_004);
});

it('gives at most as many points as asked, in order, all of them from the series', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 400 }),
      fc.integer({ min: 10, max: 200 }),
      (values, points) => {
        const thin = thinSeries(series(values), points);
        expect(thin.steps.length).toBeLessThanOrEqual(Math.max(points, 0));
        expect(thin.steps.length).toBe(thin.values.length);
        for (const [index, step] of thin.steps.entries()) {
          expect(thin.values[index]).toBe(values[step - 1]);
          if (index > 0) expect(step).toBeGreaterThan(thin.steps[index - 1] as number);
        }
        if (values.length > 0) {
          expect(Math.max(...thin.values)).toBe(Math.max(...values));
          expect(Math.min(...thin.values)).toBe(Math.min(...values));
        }
      },
    ),
  );
});
