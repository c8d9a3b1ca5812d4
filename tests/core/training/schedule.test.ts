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

test("as the reference's code runs it: an epoch late, without its warm-up, and up again at the end", () => {
  // 100,000 pairs in batches of 64, 10 epochs, 50 warm-up steps: the figures that its code gives.
  const stepsPerEpoch = 1562;
  const settings = { base: 1e-5, warmupSteps: 50, totalSteps: 10 * stepsPerEpoch, stepsPerEpoch };
  const rate = (step: number) => learningRateAt({ ...settings, schedule: 'reference' }, step) / 1e-5;
  expect(rate(0)).toBeCloseTo(0.977, 3);
  expect(rate(9 * stepsPerEpoch)).toBeCloseTo(0, 4);
  expect(rate(10 * stepsPerEpoch - 1)).toBeCloseTo(0.025, 3);
  const late = learningRateAt({ ...settings, schedule: 'cosine' }, stepsPerEpoch + 700);
  expect(rate(700)).toBe(late / 1e-5);
});

test('a run that is all warm-up has a rate in every step, counted late or not', () => {
  const short = { base: 0.4, warmupSteps: 2, totalSteps: 2, stepsPerEpoch: 2 };
  expect([0, 1].map((step) => learningRateAt({ ...short, schedule: 'cosine' }, step))).toEqual([0.2, 0.4]);
  expect([0, 1].map((step) => learningRateAt({ ...short, schedule: 'reference' }, step))).toEqual([0.4, 0.4]);
});
