import { expect, test } from 'vitest';
import { studentT95 } from '#core/statistics/student-t.ts';

/** Two-sided 95 % values as printed in textbooks' tables (three decimals). */
const published = [
  [1, 12.706],
  [2, 4.303],
  [3, 3.182],
  [4, 2.776],
  [5, 2.571],
  [6, 2.447],
  [7, 2.365],
  [8, 2.306],
  [9, 2.262],
  [10, 2.228],
  [15, 2.131],
  [20, 2.086],
  [29, 2.045],
  [30, 2.042],
  [40, 2.021],
  [60, 2.0],
  [120, 1.98],
] as const;

test.each(published)('with %i degrees of freedom it is %f', (degrees, value) => {
  expect(Math.abs(studentT95(degrees) - value)).toBeLessThanOrEqual(0.000501);
});

test('one and two degrees of freedom have closed quantiles: tan(0.475 pi), and a root', () => {
  expect(studentT95(1)).toBeCloseTo(Math.tan(0.475 * Math.PI), 10);
  // F(t) = 1/2 + t / (2 sqrt(2 + t^2)), so t = sqrt(2 x^2 / (1 - x^2)) with x = 0.95.
  expect(studentT95(2)).toBeCloseTo(Math.sqrt((2 * 0.95 ** 2) / (1 - 0.95 ** 2)), 10);
});

test('it falls towards the normal distribution', () => {
  for (let degrees = 1; degrees < 100; degrees += 1) {
    expect(studentT95(degrees + 1)).toBeLessThan(studentT95(degrees));
  }
  expect(studentT95(100_000)).toBeCloseTo(1.95999, 4);
});
