import * as tf from '@tensorflow/tfjs-core';
import type { EngineRecord } from '#contract/engine.ts';
import type { PictureStore } from '#main/data/feeding/picture-store.ts';
import type { InputShape } from '../../input-check.ts';
import type { Batch, BatchName, BatchRecipe } from '../../methods/building-blocks/batch-recipe.ts';
import type { BatchMaker } from './batch-threads.ts';
import { describePixels, toPixelTensor } from './image-batch.ts';
import { toTokenMatrix } from './text-batch.ts';
import { textLengths } from './token-rows.ts';

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
  /** At the model's resolution. */
  pictures: Pick<PictureStore, 'read' | 'readChanged'>;
  maker: Pick<BatchMaker, 'make'>;
  resolution: number;
  /** Order of the head's classes. */
  classes: readonly string[];
}

/** Batches of a run's records, as recipes describe them. */
export function createBatchSource(inputs: BatchInputs): BatchSource {
  const { records, pictures, maker, resolution, seed } = inputs;
  const numbers = new Map(inputs.classes.map((name, number) => [name, number]));
  const readWhole = async ({ step, rows, recipe }: BatchRequest) => {
    const whole = new Map<number, Uint8Array>();
    for (const [set, { of, change }] of recipe.pictures.entries()) {
      if (of !== 'whole') continue;
      const drawOf = (place: number) => ['whole picture', seed, step, set, place];
      whole.set(set, await pictures.readChanged(rows, change, drawOf));
    }
    return whole;
  };
  const readPictures = async (request: BatchRequest, rows: Uint32Array) => ({
    pictures: request.recipe.pictures.length === 0 ? new Uint8Array() : await pictures.read(rows),
    whole: await readWhole(request),
  });
  let reading: Promise<unknown> = Promise.resolve();
  /** One batch after the other, so that the first to be taken is the first that is there. */
  const readInTurn = (...asked: Parameters<typeof readPictures>): ReturnType<typeof readPictures> => {
    const read = reading.then(() => readPictures(...asked));
    reading = read.catch(() => {});
    return read;
  };
  return {
    async prepare(request) {
      const { step, recipe } = request;
      const rows = Uint32Array.from(request.rows);
      // A record is read from disk each time it is asked for.
      const own = recipe.texts.length > 0 || recipe.labels ? Array.from(rows, (row) => records[row]!) : [];
      const { pixels, tokens } = await maker.make({
        seed,
        step,
        rows,
        recipe: { pictures: recipe.pictures, texts: recipe.texts },
        ...(await readInTurn(request, rows)),
        captions: recipe.texts.length === 0 ? [] : own.map(({ caption }) => caption),
      });
      const labels = Int32Array.from(own, ({ label }) => numbers.get(label ?? '') ?? -1);
      return {
        ...(pixels === null ? {} : { pixels: toPixelTensor(pixels, resolution) }),
        ...(tokens === null ? {} : { tokens: toTokenMatrix(tokens) }),
        ...(recipe.labels ? { labels: tf.tensor1d(labels, 'int32') } : {}),
        ...(recipe.rows ? { rows: tf.tensor1d(Int32Array.from(rows), 'int32') } : {}),
      };
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
