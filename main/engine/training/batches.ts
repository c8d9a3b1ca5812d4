import * as tf from '@tensorflow/tfjs-core';
import type { EngineRecord } from '#contract/engine.ts';
import { type PictureChange, pictureChanges } from '#core/augment/picture-changes.ts';
import type { SynonymsOf } from '#core/captions/eda.ts';
import { type TextChange, textChanges } from '#core/captions/text-changes.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { createRandom, type Random } from '#core/random/random.ts';
import type { InputShape } from '../input-check.ts';
import type { Batch, BatchName, BatchRecipe, PictureSet } from '../methods/building-blocks/batch-recipe.ts';
import type { TextEncoder } from '../text-encoder.ts';
import { cutPictures, describePixels, joinPictures } from './image-batch.ts';
import { textLengths, toTokenTensor } from './text-batch.ts';

/** One batch to make. */
export interface BatchRequest {
  /** Counted from 0 over all epochs: with the run's seed it decides what is drawn at random. */
  step: number;
  /** Places of its records in the run's list. */
  rows: ArrayLike<number> & Iterable<number>;
  recipe: BatchRecipe;
}

export interface BatchSource {
  /** The same request gives the same batch, whenever it is made. The caller disposes its tensors. */
  prepare(request: BatchRequest): Promise<Batch>;
}

export interface BatchInputs {
  seed: number;
  records: readonly EngineRecord[];
  /** Raw pixels [rows, side, side, 3] at the model's resolution. */
  readPictures(rows: Uint32Array): Promise<Uint8Array>;
  /** The same, changed before they are brought to the resolution: each by what `drawOf` gives for its place. */
  readChanged(
    rows: Uint32Array,
    change: PictureChange,
    drawOf: (place: number) => (string | number)[],
  ): Promise<Uint8Array>;
  synonymsOf: SynonymsOf;
  resolution: number;
  contextLength: number;
  encode: TextEncoder;
  /** Order of the head's classes. */
  classes: readonly string[];
}

/** Batches of a run's records, as recipes describe them. */
export function createBatchSource(inputs: BatchInputs): BatchSource {
  const { records, resolution, contextLength, encode, seed } = inputs;
  const changeText = (name: TextChange, caption: string, random: Random, row: number) => {
    const { drawn, change } = textChanges[name];
    const own = drawn === 'once' ? createRandom(name, seed, row) : random;
    return change(caption, own, inputs.synonymsOf);
  };
  const numbers = new Map(inputs.classes.map((name, number) => [name, number]));
  return {
    async prepare({ step, rows: wanted, recipe }) {
      const rows = Uint32Array.from(wanted);
      const random = createRandom('batch', seed, step);
      // A record is read from disk each time it is asked for.
      const own = recipe.texts.length > 0 || recipe.labels ? Array.from(rows, (row) => records[row]!) : [];
      const batch: Batch = {};
      if (recipe.pictures.length > 0) {
        const pictures = cutPictures(await inputs.readPictures(rows), resolution);
        const whole = new Map<number, Picture[]>();
        for (const [set, { of, change }] of recipe.pictures.entries()) {
          if (of !== 'whole') continue;
          const drawOf = (place: number) => ['whole picture', seed, step, set, place];
          whole.set(set, cutPictures(await inputs.readChanged(rows, change, drawOf), resolution));
        }
        const changed = changePictures(pictures, recipe.pictures, random, whole);
        batch.pixels = joinPictures(changed, resolution);
      }
      if (recipe.texts.length > 0) {
        const texts = recipe.texts.flatMap((change) =>
          own.map(({ caption }, place) => changeText(change, caption, random, rows[place]!)),
        );
        batch.tokens = toTokenTensor(texts.map(encode), contextLength);
      }
      if (recipe.labels) {
        const labels = Int32Array.from(own, ({ label }) => numbers.get(label ?? '') ?? -1);
        batch.labels = tf.tensor1d(labels, 'int32');
      }
      if (recipe.rows) batch.rows = tf.tensor1d(Int32Array.from(rows), 'int32');
      return batch;
    },
  };
}

/** The tensors of every batch that a recipe can give, by name: one set for each text length that there is. */
export function describeBatches(
  { pictures, texts, labels, rows }: BatchRecipe,
  { batchSize, resolution, contextLength }: { batchSize: number; resolution: number; contextLength: number },
): Partial<Record<BatchName, InputShape>>[] {
  const fixed: Partial<Record<BatchName, InputShape>> = {
    ...(pictures.length > 0 ? { pixels: describePixels(pictures.length * batchSize, resolution) } : {}),
    ...(labels ? { labels: { shape: [batchSize], dtype: 'int32' } } : {}),
    ...(rows ? { rows: { shape: [batchSize], dtype: 'int32' } } : {}),
  };
  if (texts.length === 0) return [fixed];
  return textLengths(contextLength).map((length) => ({
    ...fixed,
    tokens: { shape: [texts.length * batchSize, length], dtype: 'int32' },
  }));
}

/** The sets of pictures, one after another. */
function changePictures(
  pictures: Picture[],
  sets: readonly PictureSet[],
  random: Random,
  whole: ReadonlyMap<number, Picture[]>,
): Picture[] {
  const made: Picture[][] = [];
  for (const [set, { of, change }] of sets.entries()) {
    const changed = whole.get(set);
    if (changed !== undefined) {
      made.push(changed);
      continue;
    }
    const from = typeof of === 'number' ? made[of]! : pictures;
    made.push(from.map((picture) => pictureChanges[change](picture, random)));
  }
  return made.flat();
}
