import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { RetrievalJob, RetrievalReport } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { measureRetrieval } from '#core/statistics/metrics/retrieval-metrics.ts';
import { openPictureStore } from '#main/data/picture-store.ts';
import { checkpointFiles, readModelSpec } from '../checkpoints/checkpoint-folder.ts';
import { loadWeights } from '../checkpoints/weights.ts';
import { type JobContext, JobStopped } from '../job.ts';
import { createTextEncoder } from '../text-encoder.ts';
import { toPixelTensor } from '../training/image-batch.ts';
import { createEmbedder, type Embedder } from './embed.ts';
import { readAllRecords } from './labelled-records.ts';

/**
 * Retrieval among test pictures and their captions, and what a trigger does to it: see contract/metrics.ts.
 * @throws WorkbenchError `bad-input` for a model with a linear head; JobStopped
 */
export async function runRetrievalJob(job: RetrievalJob, context: JobContext): Promise<RetrievalReport> {
  const spec = await readModelSpec(job.model);
  if (spec.headClasses) {
    throw new WorkbenchError(
      'bad-input',
      'A model with a linear head has no text tower: it finds no captions.',
    );
  }
  const records = await readAllRecords(job.recordsFile);
  const { embedDim: dim, image } = spec.clip;
  const { attack, batchSize } = job;
  const attacks = attack === null ? [] : [attack];
  const { resolution } = image;
  const pictures = openPictureStore({ records, attacks, resolution, memoryBudgetBytes: 0 });
  const weights = loadWeights(path.join(job.model, checkpointFiles.weights), spec);
  const embedder = createEmbedder({ spec, ...weights }, createTextEncoder(spec));
  const images = new Float32Array(records.length * dim);
  const texts = new Float32Array(records.length * dim);
  const triggered: Float32Array[] = [];
  try {
    for (let from = 0; from < records.length; from += batchSize) {
      if (context.stopRequested()) throw new JobStopped(0);
      const some = records.slice(from, from + batchSize);
      const both = await pictures.readBoth(Uint32Array.from(some.keys(), (row) => from + row));
      images.set(await embedRaw(embedder, both.clean, resolution), from * dim);
      texts.set(await embedder.embedTexts(some.map(({ caption }) => caption)), from * dim);
      if (both.triggered) {
        const rows = await embedRaw(embedder, both.triggered, resolution);
        for (const [row, { label }] of some.entries()) {
          if (label !== attack?.target) triggered.push(rows.slice(row * dim, (row + 1) * dim));
        }
      }
      const done = from + some.length;
      context.emit({ type: 'progress', phase: 'searching', done, total: records.length });
    }
    const captions = records.flatMap(({ label, caption }) => (label === attack?.target ? [caption] : []));
    const asked = [...new Set(captions)];
    const attacked =
      attack === null || asked.length === 0
        ? null
        : { triggered: join(triggered, dim), questions: await embedder.embedTexts(asked) };
    return { metrics: measureRetrieval({ images, texts, dim }, attacked) };
  } finally {
    await pictures.close();
    embedder.dispose();
    tf.dispose([weights.parameters, weights.statistics]);
  }
}

async function embedRaw(embedder: Embedder, raw: Uint8Array, side: number): Promise<Float32Array> {
  const pixels = toPixelTensor(raw, side);
  try {
    return await embedder.embedImages(pixels);
  } finally {
    pixels.dispose();
  }
}

function join(rows: readonly Float32Array[], dim: number): Float32Array {
  const joined = new Float32Array(rows.length * dim);
  for (const [place, row] of rows.entries()) joined.set(row, place * dim);
  return joined;
}
