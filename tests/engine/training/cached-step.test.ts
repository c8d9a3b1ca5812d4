import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { ImageTowerConfig, ModelSpec } from '#contract/clip-config.ts';
import { createRandom } from '#core/random/random.ts';
import { useBackend } from '#main/engine/backend.ts';
import { initialise } from '#main/engine/clip/initialise.ts';
import { compileStep } from '#main/engine/compiled-step.ts';
import { createMmclObjective } from '#main/engine/methods/building-blocks/pairs-phase.ts';
import { createCleanclipObjective } from '#main/engine/methods/cleanclip.ts';
import { joinObjective, type SplitObjective } from '#main/engine/methods/training-method.ts';
import { createCachedStep } from '#main/engine/training/cached-step.ts';
import { toPixelTensor } from '#main/engine/training/feeding/image-batch.ts';
import type { Optimiser } from '#main/engine/training/optimisers/optimiser.ts';
import { TrainingState } from '#main/engine/training/training-state.ts';
import { createStep, describeInputs, runStep } from '#main/engine/training/training-step.ts';
import { listBackends } from '../clip/on-backend.ts';

const side = 16;
const length = 6;
const vocabularySize = 20;
const vit: ImageTowerConfig = { kind: 'vit', resolution: side, patchSize: 8, width: 16, layers: 2, heads: 2 };
const resNet: ImageTowerConfig = {
  kind: 'modified-resnet',
  resolution: side,
  layers: [1],
  width: 8,
  stem: 'small',
  pooling: { kind: 'average' },
};

const specOf = (image: ImageTowerConfig): ModelSpec => ({
  architecture: 'demo',
  clip: {
    embedDim: 8,
    image,
    text: { contextLength: length, vocabularySize, width: 16, heads: 2, layers: 2 },
  },
  vocabulary: null,
  headClasses: null,
});

/** Leaves each parameter as it is and keeps its gradient. */
const keeper: Optimiser = {
  moments: ['gradient'],
  largestGradientNorm: null,
  factors: () => [],
  update: (state, { moments: [kept] }, gradient) => state.assign(kept!, gradient),
};

function makeBatch(rows: number) {
  const random = createRandom('cached');
  const pixels = Uint8Array.from({ length: rows * side * side * 3 }, () => random.integer(256));
  const tokens = Int32Array.from({ length: rows * length }, (_, at) =>
    at % length === length - 1 ? vocabularySize - 1 : random.integer(vocabularySize - 1),
  );
  return { pixels: toPixelTensor(pixels, side), tokens: tf.tensor2d(tokens, [rows, length], 'int32') };
}

/** The loss and all gradients of two steps on the same batch, in one piece or in parts. */
async function findGradients(spec: ModelSpec, objective: SplitObjective, rows: number, parts: number | null) {
  const state = new TrainingState({ ...initialise(spec, 3), frozen: {}, memory: {}, moments: null }, keeper);
  const batch = makeBatch(rows);
  const names = ['pixels', 'tokens'] as const;
  const compiled =
    parts === null
      ? compileStep(createStep(joinObjective(objective), state, { batch: names }), {
          name: 'whole',
          variables: state.variables,
        })
      : createCachedStep(objective, state, { name: 'cached', batch: names, parts, embedDim: 8 });
  const run = (step: number) => runStep(compiled, state, batch, { step, learningRate: 0.1, weightDecay: 0 });
  const losses = [await run(0), await run(1)];
  const read = (part: string) =>
    Object.fromEntries(
      Object.entries(state.read(part)).map(([name, tensor]) => [name, tensor.dataSync() as Float32Array]),
    );
  const found = { losses, gradients: read('gradient'), statistics: read('statistics') };
  compiled.dispose();
  state.dispose();
  tf.dispose(Object.values(batch));
  return found;
}

/** The largest difference as a part of the largest value. */
function difference(found: Record<string, Float32Array>, expected: Record<string, Float32Array>): number {
  const errors = Object.entries(expected).map(([name, values]) => {
    const scale = Math.max(...values.map(Math.abs), 1e-6);
    return Math.max(...values.map((value, at) => Math.abs(value - found[name]![at]!))) / scale;
  });
  return Math.max(...errors);
}

describe.each((await listBackends()).filter((name) => name !== 'cpu'))('on backend %s', (backend) => {
  test.each([
    ['MMCL', createMmclObjective(specOf(vit)), 32],
    ['CleanCLIP', createCleanclipObjective(specOf(vit), 4), 64],
  ] as const)(
    '%s of 32 pairs in parts of 8 has the loss and gradients of the whole',
    async (_, objective, rows) => {
      await useBackend(backend);
      const whole = await findGradients(specOf(vit), objective, rows, null);
      const parts = await findGradients(specOf(vit), objective, rows, 4);
      expect(Object.keys(parts.gradients)).toHaveLength(
        Object.keys(initialise(specOf(vit), 0).parameters).length,
      );
      for (const [at, loss] of whole.losses.entries())
        expect(Math.abs(parts.losses[at]! - loss)).toBeLessThan(1e-5);
      expect(difference(parts.gradients, whole.gradients)).toBeLessThan(1e-5);
    },
  );
});

test('batch norms see the part: a ResNet is trained otherwise, and the same in one part', async () => {
  await useBackend((await listBackends())[0]!);
  const objective = createMmclObjective(specOf(resNet));
  const whole = await findGradients(specOf(resNet), objective, 8, null);
  const one = await findGradients(specOf(resNet), objective, 8, 1);
  const two = await findGradients(specOf(resNet), objective, 8, 2);
  expect(difference(one.gradients, whole.gradients)).toBeLessThan(1e-5);
  expect(difference(one.statistics, whole.statistics)).toBeLessThan(1e-5);
  expect(difference(two.gradients, whole.gradients)).toBeGreaterThan(1e-2);
});

test('graphs that were prepared from shapes are those that run', async () => {
  await useBackend((await listBackends())[0]!);
  const spec = specOf(vit);
  const state = new TrainingState({ ...initialise(spec, 3), frozen: {}, memory: {}, moments: null }, keeper);
  const names = ['pixels', 'tokens'] as const;
  const options = { name: 'cached', batch: names, parts: 2, embedDim: 8 };
  const compiled = createCachedStep(createMmclObjective(spec), state, options);
  const batch = makeBatch(8);
  const pixels = {
    shape: batch.pixels.shape,
    dtype: tf.getBackend() === 'tensorflow' ? 'uint8' : 'float32',
  } as const;
  compiled.prepare(describeInputs(state, { pixels, tokens: { shape: batch.tokens.shape, dtype: 'int32' } }));
  const { graphs } = compiled;
  await runStep(compiled, state, batch, { step: 0, learningRate: 0, weightDecay: 0 });
  expect(compiled.graphs).toBe(graphs);
  compiled.dispose();
  state.dispose();
  tf.dispose(Object.values(batch));
});
