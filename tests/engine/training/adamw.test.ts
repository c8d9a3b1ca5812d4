import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createMoments,
  decays,
  findStepFactors,
  type StepFactorTensors,
  updateByAdamW,
} from '#main/engine/training/adamw.ts';
import { listBackends, runOn } from '../clip/on-backend.ts';

const backends = await listBackends();

/** Steps of one parameter of so many values, each step with its own gradient; the parameter's values afterwards. */
function runSteps(name: string, start: number[], gradients: number[][], learningRate: number): tf.Tensor[] {
  let parameters: Record<string, tf.Tensor> = { [name]: tf.tensor1d(start) };
  let moments = createMoments(parameters);
  for (const [at, gradient] of gradients.entries()) {
    const factors = Object.fromEntries(
      Object.entries(findStepFactors(learningRate, 0.1, at + 1)).map(([key, value]) => [
        key,
        tf.scalar(value),
      ]),
    ) as StepFactorTensors;
    const updated = updateByAdamW(parameters, { [name]: tf.tensor1d(gradient) }, moments, factors);
    parameters = updated.parameters;
    moments = updated.moments;
  }
  return [parameters[name]!];
}

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
  test('steps follow the paper, with decay and without', async () => {
    const value = fc.double({ min: -3, max: 3, noNaN: true });
    const steps = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.tuple(value, value), steps, async (start, gradients) => {
        // Gradients near 0 make Adam's quotient a matter of rounding.
        const clear = gradients.map((pair) => pair.map((gradient) => gradient + Math.sign(gradient || 1)));
        for (const [name, weightDecay] of [
          ['a.weight', 0.1],
          ['a.bias', 0],
        ] as const) {
          const [found] = await runOn(backend, () => runSteps(name, [...start], clear, 0.01));
          for (const [place, first] of start.entries()) {
            const expected = followPaper(
              first,
              clear.map((pair) => pair[place]!),
              0.01,
              weightDecay,
            );
            expect(found![place]).toBeCloseTo(expected, 4);
          }
        }
      }),
      { numRuns: 20, seed: 1 },
    );
  });

  test('tensors of several shapes keep their names, shapes and gradients apart', async () => {
    const compute = () => {
      const parameters = {
        'b.weight': tf.ones([2, 3]),
        'a.bias': tf.ones([2]),
        logit_scale: tf.scalar(1),
        'a.weight': tf.ones([1, 1, 2, 2]),
      };
      const gradients = {
        'b.weight': tf.fill([2, 3], 5),
        'a.bias': tf.fill([2], -5),
        logit_scale: tf.scalar(5),
        'a.weight': tf.fill([1, 1, 2, 2], -5),
      };
      const factors = findStepFactors(0.5, 0.1, 1);
      const scalars = Object.fromEntries(
        Object.entries(factors).map(([key, factor]) => [key, tf.scalar(factor)]),
      );
      const updated = updateByAdamW(
        parameters,
        gradients,
        createMoments(parameters),
        scalars as StepFactorTensors,
      );
      expect(
        Object.fromEntries(Object.entries(updated.parameters).map(([name, { shape }]) => [name, shape])),
      ).toEqual({
        'b.weight': [2, 3],
        'a.bias': [2],
        logit_scale: [],
        'a.weight': [1, 1, 2, 2],
      });
      return ['b.weight', 'a.bias', 'logit_scale', 'a.weight'].map((name) => updated.parameters[name]!);
    };
    // The first step moves each value by the learning rate against its gradient; decay takes 0.5 x 0.1 of it.
    const close = (value: number, count: number) =>
      Array.from({ length: count }, () => expect.closeTo(value, 5));
    const expected = [close(0.95 - 0.5, 6), close(1.5, 2), close(0.5, 1), close(0.95 + 0.5, 4)];
    expect(await runOn(backend, compute)).toEqual(expected);
  });

  test('logit_scale stays within [0, 4.6052]', async () => {
    const move = (start: number, gradient: number) => () =>
      runSteps('logit_scale', [start], [[gradient]], 0.5);
    expect(await runOn(backend, move(4.5, -1))).toEqual([[expect.closeTo(4.6052, 5)]]);
    expect(await runOn(backend, move(0.2, 1))).toEqual([[0]]);
  });
});
