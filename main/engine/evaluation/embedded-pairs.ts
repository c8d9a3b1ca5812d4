import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Attack, EngineRecord } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { openPictureStore, type PictureStore } from '#main/data/feeding/picture-store.ts';
import { checkpointFiles, readModelSpec } from '../checkpoints/checkpoint-folder.ts';
import { loadWeights } from '../checkpoints/weights.ts';
import { type JobContext, JobStopped } from '../job.ts';
import { createTextEncoder } from '../text-encoder.ts';
import { createEmbedder, type Embedder } from './embed.ts';
import { readAllRecords } from './labelled-records.ts';

/** Pairs and a model with both towers to embed them. */
export interface EmbeddedPairs {
  records: readonly EngineRecord[];
  /** Numbers in an embedding. */
  dim: number;
  pictures: PictureStore;
  embedTexts: Embedder['embedTexts'];
  embedder: Embedder;
  /** Raw embeddings [n, dim] of pictures as the store gives them. */
  embedPictures: Embedder['embedImages'];
  /**
   * Goes through the records in their order, so many at a time, and tells of it after each.
   * @throws JobStopped once stopped
   */
  batches(
    batchSize: number,
    phase: string,
  ): Generator<{ from: number; some: readonly EngineRecord[]; indices: Uint32Array }>;
}

/**
 * Opens a job's model and records, calls `use`, and closes them whatever happens.
 * @throws WorkbenchError `bad-input` for a model with a linear head, which has no text tower
 */
export async function withPairs<T>(
  { model, recordsFile, attacks }: { model: string; recordsFile: string; attacks: readonly Attack[] },
  context: JobContext,
  use: (pairs: EmbeddedPairs) => Promise<T>,
): Promise<T> {
  const spec = await readModelSpec(model);
  if (spec.headClasses) {
    throw new WorkbenchError('bad-input', 'A model with a linear head has no text tower: choose another.');
  }
  const records = await readAllRecords(recordsFile);
  const { resolution } = spec.clip.image;
  const pictures = openPictureStore({ records, attacks, resolution });
  const weights = loadWeights(path.join(model, checkpointFiles.weights), spec);
  const embedder = createEmbedder({ spec, ...weights }, createTextEncoder(spec));
  function* batches(batchSize: number, phase: string) {
    for (let from = 0; from < records.length; from += batchSize) {
      if (context.stopRequested()) throw new JobStopped(0);
      const some = records.slice(from, from + batchSize);
      yield { from, some, indices: Uint32Array.from(some, (_, row) => from + row) };
      context.emit({ type: 'progress', phase, done: from + some.length, total: records.length });
    }
  }
  try {
    const { embedTexts } = embedder;
    return await use({
      records,
      dim: spec.clip.embedDim,
      pictures,
      embedTexts,
      embedder,
      embedPictures: embedder.embedImages,
      batches,
    });
  } finally {
    await pictures.close();
    embedder.dispose();
    tf.dispose([weights.parameters, weights.statistics]);
  }
}

/**
 * Raw embeddings of all pictures, poisoned ones with their triggers, row-major [records, dim].
 * @param alongside called with each batch once its pictures are embedded
 */
export async function embedAllPictures(
  { records, dim, pictures, embedPictures, batches }: EmbeddedPairs,
  batchSize: number,
  alongside: (from: number, some: readonly EngineRecord[]) => Promise<void> = async () => {},
): Promise<Float32Array<ArrayBuffer>> {
  const images = new Float32Array(records.length * dim);
  for (const { from, some, indices } of batches(batchSize, 'embedding')) {
    images.set(await embedPictures(await pictures.read(indices)), from * dim);
    await alongside(from, some);
  }
  return images;
}

/** The pictures as {@link embedAllPictures} embeds them, and all captions likewise. */
export async function embedAllPairs(
  pairs: EmbeddedPairs,
  batchSize: number,
): Promise<{ images: Float32Array<ArrayBuffer>; texts: Float32Array<ArrayBuffer> }> {
  const { records, dim, embedTexts } = pairs;
  const texts = new Float32Array(records.length * dim);
  const images = await embedAllPictures(pairs, batchSize, async (from, some) => {
    texts.set(await embedTexts(some.map(({ caption }) => caption)), from * dim);
  });
  return { images, texts };
}
