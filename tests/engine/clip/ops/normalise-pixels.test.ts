import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { normalisePixels } from '#main/engine/clip/ops/normalise-pixels.ts';
import { toImageTensor, toPixelTensor } from '#main/engine/training/feeding/image-batch.ts';
import { cutPictures } from '#main/engine/training/feeding/raw-pictures.ts';
import { listBackends, runOn } from '../on-backend.ts';

const side = 16;
/** Two pictures in which each channel has every byte. */
const pixels = Uint8Array.from({ length: 2 * side * side * 3 }, (_, at) => Math.floor(at / 3) % 256);

test.each(await listBackends())(
  'on %s bytes become what JavaScript normalises them to, bit for bit',
  async (backend) => {
    const [found] = await runOn(backend, () => [normalisePixels(toPixelTensor(pixels, side))]);
    const [expected] = await runOn(backend, () => [toImageTensor(cutPictures(pixels, side))]);
    expect(found).toEqual(expected);
    // Red's mean and deviation (Radford et al. 2021, OpenAI's clip.py).
    expect(found![0]).toBeCloseTo(-0.48145466 / 0.26862954, 6);
    expect(found![255 * 3]).toBeCloseTo((1 - 0.48145466) / 0.26862954, 6);
  },
);

test('bytes that TensorFlow.js calls int32 are normalised by ops of every backend too', async () => {
  const [found] = await runOn('cpu', () => {
    const bytes = tf.tensor4d(Int32Array.from(pixels), [2, side, side, 3], 'int32');
    return [normalisePixels(bytes)];
  });
  const [expected] = await runOn('cpu', () => [toImageTensor(cutPictures(pixels, side))]);
  for (const [at, value] of found!.entries()) expect(value).toBeCloseTo(expected![at]!, 5);
});

test('a model’s own mean and deviation are taken for bytes, and for pixels that are normalised by CLIP’s', async () => {
  const own = { mean: [0.5, 0.4, 0.3], std: [0.5, 0.25, 0.2] } as const;
  const normalisation = { mean: [...own.mean], std: [...own.std] } as {
    mean: [number, number, number];
    std: [number, number, number];
  };
  const [fromBytes, fromFloats] = await runOn('cpu', () => [
    normalisePixels(toPixelTensor(pixels, side), normalisation),
    normalisePixels(toImageTensor(cutPictures(pixels, side)), normalisation),
  ]);
  for (const [at, byte] of pixels.entries()) {
    const expected = (byte / 255 - own.mean[at % 3]!) / own.std[at % 3]!;
    expect(fromBytes![at]).toBeCloseTo(expected, 5);
    expect(fromFloats![at]).toBeCloseTo(expected, 5);
  }
});
