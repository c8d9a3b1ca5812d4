import { beforeAll, describe, expect, test } from 'vitest';
import type { EngineRecord } from '#contract/engine.ts';
import { paperPresets, runPresets } from '#contract/presets.ts';
import { type TrainingConfig, trainingConfigSchema } from '#contract/run.ts';
import { augmentByPolicy } from '#core/augment/policy.ts';
import { createRandom } from '#core/random/random.ts';
import { useBackend } from '#main/engine/backend.ts';
import { createBatchSource } from '#main/engine/training/batches.ts';
import { cutPictures, toImageTensor } from '#main/engine/training/image-batch.ts';

const side = 8;
const count = 6;
const random = createRandom('batches');
const pixels = Uint8Array.from({ length: count * side * side * 3 }, () => random.integer(256));
const records = Array.from(
  { length: count },
  (_, index): EngineRecord => ({
    recordId: index,
    key: `${index}`,
    image: '',
    caption: `a picture of number ${index}`,
    label: null,
    poisoned: false,
  }),
);

const readPictures = async (indices: Uint32Array) => {
  const bytes = side * side * 3;
  const out = new Uint8Array(indices.length * bytes);
  for (const [row, index] of indices.entries())
    out.set(pixels.subarray(index * bytes, (index + 1) * bytes), row * bytes);
  return out;
};

/** The pictures of step 1 of a CleanCLIP run: three originals, then their views. */
async function readStep(changes: Partial<TrainingConfig>) {
  const { viewAugmentation: _, ...preset } = runPresets.cleanclip;
  const config = { ...preset, architecture: 'demo', seed: 3, batchSize: 3, ...changes };
  const source = createBatchSource({
    config,
    records,
    readPictures,
    resolution: side,
    contextLength: 8,
    encode: () => [1, 2],
    classes: [],
  });
  const batch = await source.prepare(1);
  return Array.from(await batch.pixels.data());
}

beforeAll(async () => void (await useBackend('cpu')));

describe('augmented views', () => {
  test('are the small ones where a stored run does not say how', async () => {
    expect(await readStep({})).toEqual(await readStep({ viewAugmentation: 'small' }));
  });

  test("are AutoAugment's of the originals where asked, drawn from the batch's own randomness", async () => {
    const values = await readStep({ viewAugmentation: 'autoaugment' });
    const half = values.length / 2;
    expect(values.slice(0, half)).toEqual((await readStep({})).slice(0, half));
    const originals = cutPictures(await readPictures(orderOfStep(values.slice(0, half))), side);
    const own = createRandom('batch', 3, 1);
    const views = toImageTensor(originals.map((picture) => augmentByPolicy(picture, own)));
    expect(values.slice(half)).toEqual(Array.from(await views.data()));
  });

  test('are the same whenever a step is asked for', async () => {
    const ask = () => readStep({ viewAugmentation: 'autoaugment' });
    expect(await ask()).toEqual(await ask());
  });

  test('are AutoAugment in the settings of the paper, and nothing in settings stored before', () => {
    expect(paperPresets.cleanclip.viewAugmentation).toBe('autoaugment');
    const { viewAugmentation: _, ...before } = { ...runPresets.cleanclip, architecture: 'demo', seed: 0 };
    expect(trainingConfigSchema.parse(before)).toEqual(before);
  });
});

/** Which records the originals of a batch are. */
function orderOfStep(values: number[]): Uint32Array {
  const all = cutPictures(pixels, side).map((picture) => Array.from(toImageTensor([picture]).dataSync()));
  const width = side * side * 3;
  return Uint32Array.from({ length: values.length / width }, (_, row) =>
    all.findIndex((one) => one.every((value, at) => value === values[row * width + at])),
  );
}
