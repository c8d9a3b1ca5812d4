import { expect, test } from 'vitest';
import { learningRateAt } from '#core/training/schedule.ts';

const cosine = { base: 0.4, warmupSteps: 4, totalSteps: 12, schedule: 'cosine' } as const;

test('the rate rises in a straight line from the first step on', () => {
  expect([0, 1, 2, 3].map((step) => learningRateAt(cosine, step))).toEqual([
    0.1,
    0.2,
    expect.closeTo(0.3, 12),
    0.4,
  ]);
});

test('then it falls as half a cosine: whole, half way, nothing', () => {
  expect(learningRateAt(cosine, 4)).toBe(0.4);
  expect(learningRateAt(cosine, 6)).toBeCloseTo(0.4 * (0.5 + Math.SQRT1_2 / 2), 12);
  expect(learningRateAt(cosine, 8)).toBeCloseTo(0.2, 12);
  expect(learningRateAt(cosine, 12)).toBeCloseTo(0, 12);
});

test('a constant schedule keeps the base rate, after a warm-up if there is one', () => {
  const constant = { ...cosine, schedule: 'constant' } as const;
  expect(learningRateAt(constant, 1)).toBe(0.2);
  expect(learningRateAt(constant, 11)).toBe(0.4);
  expect(learningRateAt({ ...constant, warmupSteps: 0 }, 0)).toBe(0.4);
});
