import * as tf from '@tensorflow/tfjs-core';
import type { EngineRecord } from '#contract/engine.ts';
import { pictureChanges } from '#core/augment/picture-changes.ts';
import { textChanges } from '#core/captions/text-changes.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { createRandom, type Random } from '#core/random/random.ts';
import type { InputShape } from '../input-check.ts';
import type { Batch, BatchName, BatchRecipe, PictureSet } from '../methods/batch-recipe.ts';
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
  resolution: number;
  contextLength: number;
  encode: TextEncoder;
  /** Order of the head's classes. */
  classes: readonly string[];
}

/** Batches of a run's records, as recipes describe them. */
export function createBatchSource(inputs: BatchInputs): BatchSource {
  const { records, resolution, contextLength, encode, seed } = inputs;
  const numbers = new Map(inputs.classes.map((name, number) => [name, number]));
  return {
    async prepare({ step, rows: wanted, recipe }) {
      const rows = Uint32Array.from(wanted);
      const random = createRandom('batch', seed, step);
      const batch: Batch = {};
      if (recipe.pictures.length > 0) {
        const pictures = cutPictures(await inputs.readPictures(rows), resolution);
        batch.pixels = joinPictures(changePictures(pictures, recipe.pictures, random), resolution);
      }
      if (recipe.texts.length > 0) {
        const captions = Array.from(rows, (row) => records[row]!.caption);
        const texts = recipe.texts.flatMap((change) =>
          captions.map((caption) => textChanges[change](caption, random)),
        );
        batch.tokens = toTokenTensor(texts.map(encode), contextLength);
      }
      if (recipe.labels) {
        const labels = Int32Array.from(rows, (row) => numbers.get(records[row]!.label ?? '') ?? -1);
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
function changePictures(pictures: Picture[], sets: readonly PictureSet[], random: Random): Picture[] {
  const made: Picture[][] = [];
  for (const { of, change } of sets) {
    const from = of === 'record' ? pictures : made[of]!;
    made.push(from.map((picture) => pictureChanges[change](picture, random)));
  }
  return made.flat();
}
