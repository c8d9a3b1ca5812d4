import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { createRandom } from '#core/random/random.ts';
import { useBackend } from '#main/engine/backend.ts';
import { specify } from '#main/engine/clip/architectures.ts';
import { differentiate } from '#main/engine/clip/differentiate.ts';
import { initialise } from '#main/engine/clip/initialise.ts';
import { normalise } from '#main/engine/clip/ops/normalise.ts';
import { layPatch, patchLoss } from '#main/engine/patch-optimising/patch-step.ts';

const size = 8;
const places = [{ left: 20, top: 3, width: size, height: size }];
const random = createRandom('patch step');
const draw = (length: number) => Float32Array.from({ length }, () => random.uniform(0, 1));

beforeAll(async () => void (await useBackend('tensorflow')));

test('a patch lies at its place, normalised as pictures are, and changes nothing else', async () => {
  const ground = tf.tensor4d(draw(2 * 32 * 32 * 3), [2, 32, 32, 3]);
  const patch = tf.tensor3d(draw(size * size * 3), [size, size, 3]);
  const before = await ground.array();
  const colours = await patch.array();
  const after = await layPatch(ground, patch, places).array();
  for (const [row, picture] of after.entries()) {
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 32; x++) {
        const inside = x >= 20 && x < 28 && y >= 3 && y < 11;
        if (inside) {
          // CLIP's mean and deviation of red
          const red = (colours[y - 3]![x - 20]![0]! - 0.48145466) / 0.26862954;
          expect(picture[y]![x]![0]).toBeCloseTo(red, 5);
        } else expect(picture[y]![x]).toEqual(before[row]![y]![x]);
      }
    }
  }
});

test("the loss's gradient by the patch is the one that finite differences give", async () => {
  const spec = specify(
    'demo',
    Array.from({ length: 300 }, (_, id) => id),
  );
  const model = { spec, ...initialise(spec, 1) };
  const dim = spec.clip.embedDim;
  const rows = (count: number) => normalise(tf.tensor2d(draw(count * dim), [count, dim]).sub(0.5));
  const batch = {
    pixels: tf
      .tensor4d(draw(3 * 32 * 32 * 3), [3, 32, 32, 3])
      .sub(0.5)
      .mul(3) as tf.Tensor4D,
    own: rows(3),
    real: rows(3),
    text: rows(1),
  };
  const setting = { model, places };
  const patch = tf.tensor3d(draw(size * size * 3), [size, size, 3]);
  const lossOf = async (given: tf.Tensor3D) => (await patchLoss(setting, given, batch).loss.data())[0]!;
  const { gradients } = differentiate({ patch }, (given) => ({
    loss: patchLoss(setting, given.patch as tf.Tensor3D, batch).loss,
    extra: {},
  }));
  const gradient = gradients.patch as tf.Tensor3D;
  const length = (await tf.norm(gradient).data())[0]!;
  expect(length).toBeGreaterThan(1e-4);
  for (const direction of [
    gradient.div(length),
    tf.tensor3d(draw(size * size * 3), [size, size, 3]).sub(0.5),
  ]) {
    const step = direction.div(tf.norm(direction)).mul(0.05) as tf.Tensor3D;
    const slope = (await lossOf(patch.add(step))) - (await lossOf(patch.sub(step)));
    const expected = 2 * (await gradient.mul(step).sum().data())[0]!;
    expect(Math.abs(slope - expected)).toBeLessThan(0.05 * 2 * 0.05 * length);
  }
});
