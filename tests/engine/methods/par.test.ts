import { expect, test } from 'vitest';
import { parRate } from '#main/engine/methods/par.ts';

test("PAR's rate falls to a tenth by the middle, then along a cosine to 1e-9", () => {
  const rate = (step: number) => parRate({ learningRate: 3e-5 }, step, 1000);
  expect(rate(0)).toBeCloseTo(3e-5, 12);
  // Half of the way from 3e-5 to 3e-6.
  expect(rate(250)).toBeCloseTo(1.65e-5, 12);
  expect(rate(500)).toBeCloseTo(3e-6, 12);
  // Half of the way from 3e-6 to 1e-9 along the cosine.
  expect(rate(750)).toBeCloseTo(1.5005e-6, 12);
  expect(rate(1000)).toBeCloseTo(1e-9, 14);
});
