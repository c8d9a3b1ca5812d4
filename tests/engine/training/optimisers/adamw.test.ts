import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAdamw, decays, referenceAdamw } from '#main/engine/training/optimisers/adamw.ts';
import { listBackends } from '../../clip/on-backend.ts';
import { takeSteps } from '../take-steps.ts';

const backends = await listBackends();

/** AdamW as written in Loshchilov and Hutter (2019), algorithm 2, one value at a time in double precision. */
function followPaper(start: number, gradients: number[], learningRate: number, weightDecay: number): number {
  let [value, mean, variance] = [start, 0, 0];
  for (const [at, gradient] of gradients.entries()) {
    mean = 0.9 * mean + 0.1 * gradient;
    variance = 0.999 * variance + 0.001 * gradient ** 2;
    const correctedMean = mean / (1 - 0.9 ** (at + 1));
    const correctedVariance = variance / (1 - 0.999 ** (at + 1));
    value -= learningRate * (correctedMean / (Math.sqrt(correctedVariance) + 1e-8) + weightDecay * value);
  }
  return value;
}

test('names that hold bn, ln, bias or logit_scale are spared from decay, as in the reference', () => {
  const spared = [
    'visual.bn1.weight',
    'ln_final.weight',
    'visual.proj.bias',
    'logit_scale',
    'visual.layer1.0.bn3.bias',
  ];
  const decaying = [
    'visual.conv1.weight',
    'visual.layer1.0.downsample.1.weight',
    'positional_embedding',
    'head.weight',
  ];
  expect(spared.map(decays)).toEqual(spared.map(() => false));
  expect(decaying.map(decays)).toEqual(decaying.map(() => true));
});

describe.each(backends)('on backend %s', (backend) => {
  const value = fc.double({ min: -3, max: 3, noNaN: true });
  // Gradients near 0 make Adam's quotient a matter of rounding.
  const gradient = value.map((drawn) => drawn + Math.sign(drawn || 1));
  const steps = fc.array(fc.tuple(gradient, gradient), { minLength: 1, maxLength: 5 });

  test('steps follow the paper, with decay and without', async () => {
    await fc.assert(
      fc.asyncProperty(value, value, steps, async (decaying, spared, gradients) => {
        const found = await takeSteps(backend, { 'a.weight': [decaying], 'a.bias': [spared] }, gradients, {
          optimiser: referenceAdamw,
          learningRate: 0.01,
          weightDecay: 0.1,
        });
        const [first, second] = [gradients.map((pair) => pair[0]), gradients.map((pair) => pair[1])];
        expect(found['a.weight']![0]).toBeCloseTo(followPaper(decaying, first, 0.01, 0.1), 4);
        expect(found['a.bias']![0]).toBeCloseTo(followPaper(spared, second, 0.01, 0), 4);
      }),
      { numRuns: 20, seed: 1 },
    );
  });

  test('betas, epsilon and the rule of what decays are the optimiser that a method gives', async () => {
    const optimiser = createAdamw({ meanDecay: 0, varianceDecay: 0, epsilon: 1, decays: () => true });
    const settings = { optimiser, learningRate: 0.1, weightDecay: 0.5 };
    // Without a past the step is g / (|g| + 1): 1 - 0.1 x 0.5 - 0.1 x 3 / 4; then 0.875 x 0.95 + 0.1 x 1 / 2.
    const found = await takeSteps(backend, { 'a.bias': [1] }, [[3], [-1]], settings);
    expect(found['a.bias']![0]).toBeCloseTo(0.875 * 0.95 + 0.05, 6);
  });

  test('gradients beyond the largest norm are scaled down together', async () => {
    // Plain steps: mean = gradient, width = sqrt(v) + 1e3, so that the step is nearly the gradient / 1e3.
    const options = { meanDecay: 0, varianceDecay: 0, epsilon: 1e3, decays: () => false };
    const settings = { learningRate: 1e3, weightDecay: 0 };
    const optimiser = createAdamw({ ...options, largestGradientNorm: 1 });
    const found = await takeSteps(backend, { a: [0], b: [0] }, [[3, 4]], { ...settings, optimiser });
    expect(found.a![0]).toBeCloseTo(-600 / 1000.6, 5);
    expect(found.b![0]).toBeCloseTo(-800 / 1000.8, 5);
    const small = await takeSteps(backend, { a: [0], b: [0] }, [[0.3, 0.4]], { ...settings, optimiser });
    expect(small.a![0]).toBeCloseTo(-300 / 1000.3, 5);
  });

  test('logit_scale stays within [0, 4.6052]', async () => {
    const settings = { optimiser: referenceAdamw, learningRate: 0.5, weightDecay: 0.1 };
    const move = (start: number, slope: number) =>
      takeSteps(backend, { logit_scale: [start] }, [[slope]], settings);
    expect((await move(4.5, -1)).logit_scale).toEqual([expect.closeTo(4.6052, 5)]);
    expect((await move(0.2, 1)).logit_scale).toEqual([0]);
  });
});
