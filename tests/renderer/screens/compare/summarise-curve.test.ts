import { expect, test } from 'vitest';
import { summariseCurve } from '../../../../renderer/screens/compare/summarise-curve.ts';

test('a curve in five numbers, and none of a curve without points', () => {
  expect(summariseCurve([1, 5, 9], [2, 0.5, 3])).toEqual({
    lastStep: 9,
    first: 2,
    lowest: 0.5,
    highest: 3,
    last: 3,
  });
  expect(summariseCurve([], [])).toBeNull();
});
