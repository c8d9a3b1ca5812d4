import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keptSteps } from '#main/workbench/runs/checkpoint-rule.ts';

test('64 epochs keep every eighth, the best and the latest two', () => {
  const steps = Array.from({ length: 61 }, (_, epoch) => 100 * (epoch + 1));
  const kept = keptSteps(steps, { totalSteps: 6400, epochs: 64, best: 1300 });
  expect([...kept].sort((a, b) => a - b)).toEqual([
    800, 1300, 1600, 2400, 3200, 4000, 4800, 5600, 6000, 6100,
  ]);
});

test('a short run keeps the end of every epoch, and within one only the latest', () => {
  const kept = keptSteps([2, 4, 6, 8, 9, 10], { totalSteps: 16, epochs: 4, best: null });
  expect([...kept].sort((a, b) => a - b)).toEqual([4, 8, 9, 10]);
});

test('the latest and the best always stay, and of any whole run few', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 50 }),
      fc.nat(),
      (epochs, stepsPerEpoch, at) => {
        const steps = Array.from({ length: epochs }, (_, epoch) => (epoch + 1) * stepsPerEpoch);
        const best = steps[at % epochs]!;
        const kept = keptSteps(steps, { totalSteps: epochs * stepsPerEpoch, epochs, best });
        expect(kept.has(steps.at(-1)!)).toBe(true);
        expect(kept.has(best)).toBe(true);
        expect(kept.size).toBeLessThanOrEqual(11);
        if (epochs <= 8) expect(kept.size).toBe(epochs);
      },
    ),
  );
});
