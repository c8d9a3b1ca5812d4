import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smooth } from '../../../../../renderer/screens/runs/page/smooth.ts';

test('weight 0 leaves the values, and the first value is never drawn towards zero', () => {
  expect(smooth([3, 1, 2], 0)).toEqual([3, 1, 2]);
  expect(smooth([3, 1], 0.5)[0]).toBe(3);
  // (0.5 * 0.5 * 3 + 0.5 * 1) / 0.75
  expect(smooth([3, 1], 0.5)[1]).toBeCloseTo(1.25 / 0.75, 12);
});

test('a constant stays constant, and every average lies between the least and the greatest value', () => {
  const weight = fc.double({ min: 0, max: 0.99, noNaN: true });
  const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(values, weight, (list, by) => {
      const averages = smooth(list, by);
      expect(averages).toHaveLength(list.length);
      for (const average of averages) {
        expect(average).toBeGreaterThanOrEqual(Math.min(...list) - 1e-9);
        expect(average).toBeLessThanOrEqual(Math.max(...list) + 1e-9);
      }
      for (const average of smooth(
        list.map(() => 7),
        by,
      ))
        expect(average).toBeCloseTo(7, 9);
    }),
  );
});
