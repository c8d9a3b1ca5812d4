import { beforeAll, describe, expect, test } from 'vitest';
import type { EngineRecord } from '#contract/engine.ts';
import { methods } from '#contract/methods/method-registry.ts';
import { eraseRandomly } from '#core/augment/erase-randomly.ts';
import { augmentByPolicy } from '#core/augment/policy.ts';
import { augmentSmall } from '#core/pixels/augment-small.ts';
import { createRandom } from '#core/random/random.ts';
import { useBackend } from '#main/engine/backend.ts';
import { specify } from '#main/engine/clip/architectures.ts';
import { batchOfTwoViews } from '#main/engine/methods/building-blocks/two-views.ts';
import {
  type Assembly,
  type AssemblyTask,
  assembleBatch,
} from '#main/engine/training/feeding/assemble-batch.ts';
import { openBatchMaker } from '#main/engine/training/feeding/batch-threads.ts';
import { createBatchSource, describeBatches } from '#main/engine/training/feeding/batches.ts';
import { toImageTensor } from '#main/engine/training/feeding/image-batch.ts';
import { cutPictures } from '#main/engine/training/feeding/raw-pictures.ts';

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

const readPictures = async (indices: ArrayLike<number>) => {
  const bytes = side * side * 3;
  const out = new Uint8Array(indices.length * bytes);
  for (const [row, index] of Array.from(indices).entries())
    out.set(pixels.subarray(index * bytes, (index + 1) * bytes), row * bytes);
  return out;
};

const rows = [4, 0, 5];

/** Batches that are made here and now. */
const makeBy = (own: Pick<Assembly, 'contextLength' | 'encode'>) => ({
  make: async (task: AssemblyTask) => assembleBatch(task, { ...own, resolution: side, synonymsOf: () => [] }),
});

/** The pictures of step 1 of a run with two views a pair: three originals, then their views. */
async function readStep(viewAugmentation: 'small' | 'small-erased' | 'autoaugment') {
  const source = createBatchSource({
    seed: 3,
    records,
    pictures: { read: readPictures, readChanged: readPictures },
    maker: makeBy({ contextLength: 8, encode: () => [1, 2] }),
    resolution: side,
    classes: [],
  });
  const recipe = batchOfTwoViews({
    imageAugmentation: 'none',
    viewAugmentation,
    textAugmentation: 'reword',
  });
  const batch = await source.prepare({ step: 1, rows, recipe });
  return Array.from(await batch.pixels!.data());
}

beforeAll(async () => void (await useBackend('cpu')));

describe('augmented views', () => {
  test('are small changes of the originals where asked', async () => {
    const values = await readStep('small');
    const own = createRandom('batch', 3, 1);
    const originals = cutPictures(await readPictures(Uint32Array.from(rows)), side);
    const views = originals.map((picture) => augmentSmall(picture, own));
    expect(values).toEqual(Array.from(await toImageTensor([...originals, ...views]).data()));
  });

  test('are small changes with random erasing where asked', async () => {
    const values = await readStep('small-erased');
    const own = createRandom('batch', 3, 1);
    const originals = cutPictures(await readPictures(Uint32Array.from(rows)), side);
    const views = originals.map((picture) => eraseRandomly(augmentSmall(picture, own), own));
    expect(values).toEqual(Array.from(await toImageTensor([...originals, ...views]).data()));
    expect(values).not.toEqual(await readStep('small'));
  });

  test("are AutoAugment's of the originals where asked, drawn from the batch's own randomness", async () => {
    const values = await readStep('autoaugment');
    const half = values.length / 2;
    expect(values.slice(0, half)).toEqual((await readStep('small')).slice(0, half));
    const originals = cutPictures(await readPictures(Uint32Array.from(rows)), side);
    const own = createRandom('batch', 3, 1);
    const views = toImageTensor(originals.map((picture) => augmentByPolicy(picture, own)));
    expect(values.slice(half)).toEqual(Array.from(await views.data()));
  });

  test('are the same whenever a step is asked for', async () => {
    const ask = () => readStep('autoaugment');
    expect(await ask()).toEqual(await ask());
  });

  test('are AutoAugment in the settings of the paper', () => {
    const paper = methods.cleanclip.presets.find(({ name }) => name === 'Paper');
    expect(paper?.settings).toMatchObject({ viewAugmentation: 'autoaugment-full', textAugmentation: 'eda' });
  });
});

test('the shapes that are traced before the first step are those that batches have', async () => {
  const contextLength = 40;
  const recipe = {
    ...batchOfTwoViews({
      imageAugmentation: 'none',
      viewAugmentation: 'small',
      textAugmentation: 'reword',
    }),
    labels: true,
    rows: true,
  } as const;
  const described = describeBatches(recipe, { batchSize: rows.length, resolution: side, contextLength });
  const made = [];
  for (const tokens of [3, 20, 39]) {
    const encode = () => Array.from({ length: tokens }, () => 1);
    const source = createBatchSource({
      seed: 3,
      records,
      pictures: { read: readPictures, readChanged: readPictures },
      maker: makeBy({ contextLength, encode }),
      resolution: side,
      classes: [],
    });
    const batch = await source.prepare({ step: 0, rows, recipe });
    made.push(
      Object.fromEntries(Object.entries(batch).map(([name, { shape, dtype }]) => [name, { shape, dtype }])),
    );
  }
  expect(described).toEqual(made);
});

test('a batch that a thread makes has the bits of one that is made here', async () => {
  const vocabulary = Array.from({ length: 2048 }, (_, id) => id);
  const spec = specify('demo', vocabulary);
  const { resolution } = spec.clip.image;
  const own = createRandom('thread');
  const task = (step: number): AssemblyTask => ({
    seed: 3,
    step,
    rows: Uint32Array.from(rows),
    recipe: batchOfTwoViews({
      imageAugmentation: 'shift',
      viewAugmentation: 'autoaugment',
      textAugmentation: 'reword',
    }),
    pictures: Uint8Array.from({ length: rows.length * resolution ** 2 * 3 }, () => own.integer(256)),
    whole: new Map(),
    captions: rows.map((row) => `a large dog runs after ${row} birds`),
  });
  const here = openBatchMaker(spec, 1);
  const inThreads = openBatchMaker(spec, 1e6);
  try {
    const tasks = [0, 1, 2].map(task);
    const made = await Promise.all(tasks.map((one) => inThreads.make(one)));
    expect(made).toEqual(await Promise.all(tasks.map((one) => here.make(one))));
    expect(made[0]!.pixels).not.toEqual(made[1]!.pixels);
  } finally {
    await inThreads.close();
  }
});

test('pictures are read for one batch after the other, and a batch that fails holds up none', async () => {
  const events: string[] = [];
  const source = createBatchSource({
    seed: 3,
    records,
    pictures: {
      async read(indices) {
        events.push(`begins ${indices[0]}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
        events.push(`ends ${indices[0]}`);
        if (indices[0] === 1) throw new Error('no such picture');
        return readPictures(indices);
      },
      readChanged: readPictures,
    },
    maker: makeBy({ contextLength: 8, encode: () => [1, 2] }),
    resolution: side,
    classes: [],
  });
  const recipe = batchOfTwoViews({
    imageAugmentation: 'none',
    viewAugmentation: 'small',
    textAugmentation: 'reword',
  });
  const batches = [0, 1, 2].map((row) => source.prepare({ step: row, rows: [row, row], recipe }));
  const settled = await Promise.allSettled(batches);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(events).toEqual(['begins 0', 'ends 0', 'begins 1', 'ends 1', 'begins 2', 'ends 2']);
});
