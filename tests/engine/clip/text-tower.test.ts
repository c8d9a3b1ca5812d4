import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { ModelSpec } from '#contract/clip-config.ts';
import { specify } from '#main/engine/clip/architectures.ts';
import { encodeText } from '#main/engine/clip/clip.ts';
import { differentiate } from '#main/engine/clip/differentiate.ts';
import { initialise } from '#main/engine/clip/initialise.ts';
import type { Parameters } from '#main/engine/clip/parameters.ts';
import { compareResults, listBackends, runOn } from './on-backend.ts';

const vocabulary = Array.from({ length: 50 }, (_, id) => id);
const spec: ModelSpec = specify('demo', vocabulary);

/** Captions of 3, 8 and 5 tokens: 48 starts, 49 ends, zeros after. */
const captions = [
  [48, 7, 49],
  [48, 1, 2, 3, 4, 5, 6, 49],
  [48, 9, 9, 9, 49],
];

const pad = (length: number) =>
  tf.tensor2d(
    captions.map((caption) => Array.from({ length }, (_, at) => caption[at] ?? 0)),
    [captions.length, length],
    'int32',
  );

/** Features at a length, and the gradients of their squares by every parameter of the tower. */
function encodeAt(length: number): tf.Tensor[] {
  const { parameters } = initialise(spec, 3);
  const trained = Object.fromEntries(
    Object.entries(parameters).filter(([name]) => !name.startsWith('visual.') && name !== 'logit_scale'),
  ) as Parameters;
  const encode = (given: Parameters) => encodeText(spec.clip, given, pad(length));
  const { gradients } = differentiate(trained, (given) => {
    return { loss: tf.sum(tf.square(encode(given))) as tf.Scalar, extra: {} };
  });
  return [encode(trained), ...Object.values(gradients)];
}

const backends = await listBackends();

describe.each(backends)('on backend %s', (backend) => {
  test('captions cut to the longest give the features and gradients of the full context', async () => {
    const full = await runOn(backend, () => encodeAt(16));
    expect(compareResults(await runOn(backend, () => encodeAt(8)), full)).toBeLessThan(1e-5);
  });

  test('a feature depends on no token after the end token', async () => {
    const encode = (late: number) => () => {
      const { parameters } = initialise(spec, 3);
      return [encodeText(spec.clip, parameters, tf.tensor2d([[48, 7, 49, late, late]], [1, 5], 'int32'))];
    };
    expect(await runOn(backend, encode(30))).toEqual(await runOn(backend, encode(0)));
  });

  test('a feature depends on the tokens before the end token', async () => {
    const encode = (early: number) => () => {
      const { parameters } = initialise(spec, 3);
      return [encodeText(spec.clip, parameters, tf.tensor2d([[48, early, 49]], [1, 3], 'int32'))];
    };
    const difference = compareResults(await runOn(backend, encode(7)), await runOn(backend, encode(8)));
    expect(difference).toBeGreaterThan(1e-3);
  });
});

test('texts longer than the context are refused with both lengths', () => {
  const { parameters } = initialise(spec, 3);
  expect(() => encodeText(spec.clip, parameters, tf.zeros([1, 17], 'int32'))).toThrow(/17 tokens.*16/);
});
