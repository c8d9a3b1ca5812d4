import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ModelSpec } from '#contract/clip-config.ts';
import type { Precision } from '#contract/methods/common-settings.ts';
import { createRandom } from '#core/random/random.ts';
import { useBackend } from '#main/engine/backend.ts';
import { initialise } from '#main/engine/clip/initialise.ts';
import { convolve } from '#main/engine/clip/ops/conv2d.ts';
import { multiply } from '#main/engine/clip/ops/matrices.ts';
import { compileStep } from '#main/engine/compiled-step.ts';
import { createMmclObjective, inParts } from '#main/engine/methods/building-blocks/pairs-phase.ts';
import { compilePhase } from '#main/engine/training/compile-phase.ts';
import { toPixelTensor } from '#main/engine/training/feeding/image-batch.ts';
import { referenceAdamw } from '#main/engine/training/optimisers/adamw.ts';
import { TrainingState } from '#main/engine/training/training-state.ts';
import { runStep } from '#main/engine/training/training-step.ts';

beforeAll(async () => void (await useBackend('tensorflow')));

/** bfloat16 keeps 8 bits: beside 1 it drops what is less than 2^-8. */
const little = 2 ** -9;

async function run(step: Parameters<typeof compileStep>[0], inputs: tf.Tensor[], precision: Precision) {
  const compiled = compileStep(step, { name: 'products', precision });
  const outputs = await compiled.run(inputs);
  compiled.dispose();
  return outputs.map((tensor) => ({ dtype: tensor.dtype, values: [...tensor.dataSync()] }));
}

describe('products', () => {
  const given = () => [tf.tensor2d([[1 + little, 3]]), tf.tensor2d([[1 + little], [1]])];
  const step = ([x, y]: tf.Tensor[]) => {
    const product = (a: tf.Tensor) => multiply(a as tf.Tensor2D, y as tf.Tensor2D);
    // The sum is no product: what it adds stays.
    return [tf.add(product(x!), little), tf.grad((a) => tf.sum(product(a)))(x!)];
  };

  test('of matrices are those of rounded factors, forward and backward, and come back as float32', async () => {
    const found = await run(step, given(), 'bfloat16');
    expect(found).toEqual([
      { dtype: 'float32', values: [1 * 1 + 3 * 1 + little] },
      { dtype: 'float32', values: [1, 1] },
    ]);
  });

  test('in float32 nothing is rounded', async () => {
    const found = await run(step, given(), 'float32');
    expect(found.map(({ values }) => values)).toEqual([
      [(1 + little) ** 2 + 3 + little].map(Math.fround),
      [1 + little, 1],
    ]);
  });

  test('of convolutions likewise, with both gradients', async () => {
    const x = tf.fill([1, 3, 3, 1], 1 + little) as tf.Tensor4D;
    const filter = tf.fill([3, 3, 1, 1], 1 + little) as tf.Tensor4D;
    const [value, dx, dFilter] = await run(
      ([a, b]) => {
        const sum = (p: tf.Tensor, q: tf.Tensor) =>
          tf.sum(convolve(p as tf.Tensor4D, q as tf.Tensor4D, { stride: 1, padding: 0 }));
        return [sum(a!, b!), ...tf.grads(sum)([a!, b!])];
      },
      [x, filter],
      'bfloat16',
    );
    expect(value).toEqual({ dtype: 'float32', values: [9] });
    for (const gradient of [dx!, dFilter!]) expect(gradient.values).toEqual(Array(9).fill(1));
  });
});

const side = 16;
const vocabularySize = 20;
const spec: ModelSpec = {
  architecture: 'demo',
  clip: {
    embedDim: 8,
    image: { kind: 'vit', resolution: side, patchSize: 8, width: 16, layers: 2, heads: 2 },
    text: { contextLength: 6, vocabularySize, width: 16, heads: 2, layers: 2 },
  },
  vocabulary: null,
  headClasses: null,
};

/** The losses of four steps on one batch of 8, and how far each weight moved by the first. */
async function train(precision: Precision, partSize = 0) {
  const random = createRandom('mixed');
  const state = new TrainingState(
    { ...initialise(spec, 3), frozen: {}, memory: {}, moments: null },
    referenceAdamw,
  );
  const pixels = Uint8Array.from({ length: 8 * side * side * 3 }, () => random.integer(256));
  const tokens = Int32Array.from({ length: 8 * 6 }, (_, at) =>
    at % 6 === 5 ? vocabularySize - 1 : random.integer(vocabularySize - 1),
  );
  const batch = { pixels: toPixelTensor(pixels, side), tokens: tf.tensor2d(tokens, [8, 6], 'int32') };
  const phase = inParts(createMmclObjective(spec), { batchSize: 8, partSize });
  const names = ['pixels', 'tokens'] as const;
  const compiled = compilePhase(phase, state, { name: 'mixed', batch: names, embedDim: 8, precision });
  const read = () => state.read('parameters')['visual.proj']!.dataSync() as Float32Array;
  const before = read();
  const losses: number[] = [];
  let moved: number[] = [];
  for (let step = 0; step < 4; step++) {
    losses.push(await runStep(compiled, state, batch, { step, learningRate: 1e-5, weightDecay: 0 }));
    if (step === 0) moved = Array.from(read(), (value, at) => Math.abs(value - before[at]!));
  }
  compiled.dispose();
  state.dispose();
  return { losses, moved };
}

test('a training in bfloat16 is near that in float32, the same each time, and keeps float32 weights', async () => {
  const [full, mixed, again] = [await train('float32'), await train('bfloat16'), await train('bfloat16')];
  expect(mixed).toEqual(again);
  expect(mixed.losses).not.toEqual(full.losses);
  for (const [at, loss] of full.losses.entries())
    expect(Math.abs(mixed.losses[at]! / loss - 1)).toBeLessThan(0.02);
  // Adam's first step moves each weight by the rate. Beside weights of about 0.1, bfloat16 knows no step below 2^-12.
  for (const way of mixed.moved) expect(Math.abs(way - 1e-5)).toBeLessThan(1e-7);
});

test('a batch in parts has the losses of the whole, within what bfloat16 tells apart', async () => {
  const [whole, parts] = [await train('bfloat16'), await train('bfloat16', 2)];
  for (const [at, loss] of whole.losses.entries())
    expect(Math.abs(parts.losses[at]! / loss - 1)).toBeLessThan(0.01);
});

test('backends without TensorFlow refuse it', async () => {
  await useBackend('cpu');
  expect(() => compileStep(() => [], { name: 'none', precision: 'bfloat16' })).toThrow(/choose one, or/);
});
