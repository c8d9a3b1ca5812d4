import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { EngineRecord, SimilarityJob, SimilarityReport } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { openPictureStore } from '#main/data/picture-store.ts';
import { checkpointFiles, readModelSpec } from '../checkpoints/checkpoint-folder.ts';
import { loadWeights } from '../checkpoints/weights.ts';
import { type JobContext, JobStopped } from '../job.ts';
import { createTextEncoder } from '../text-encoder.ts';
import { toPixelTensor } from '../training/image-batch.ts';
import { embedClasses } from './class-rows.ts';
import { createEmbedder } from './embed.ts';
import { readAllRecords } from './labelled-records.ts';

/**
 * Ranks pictures, without any trigger, by the cosine similarity of their embeddings to the target's: the mean of its
 * prompts' embeddings, as zero-shot classification has it.
 * @throws WorkbenchError `bad-input` for a model with a linear head, which has no text tower
 */
export async function runSimilarityJob(job: SimilarityJob, context: JobContext): Promise<SimilarityReport> {
  const spec = await readModelSpec(job.model);
  if (spec.headClasses) {
    throw new WorkbenchError('bad-input', 'A model with a linear head has no text tower: choose another.');
  }
  const records = await readAllRecords(job.recordsFile);
  const { embedDim: dim, image } = spec.clip;
  const pictures = openPictureStore({
    records,
    attacks: [],
    resolution: image.resolution,
    memoryBudgetBytes: 0,
  });
  const weights = loadWeights(path.join(job.model, checkpointFiles.weights), spec);
  const embedder = createEmbedder({ spec, ...weights }, createTextEncoder(spec));
  const similarities = new Float64Array(records.length);
  try {
    const { target, prompts, batchSize } = job;
    const { values: wanted } = await embedClasses(embedder, { classes: [target], prompts, batchSize }, dim);
    for (let from = 0; from < records.length; from += batchSize) {
      if (context.stopRequested()) throw new JobStopped(0);
      const indices = Uint32Array.from(
        { length: Math.min(batchSize, records.length - from) },
        (_, row) => from + row,
      );
      const pixels = toPixelTensor(await pictures.read(indices), image.resolution);
      const images = await embedder.embedImages(pixels);
      pixels.dispose();
      for (const [row, index] of indices.entries()) {
        similarities[index] = cosine(images.subarray(row * dim, (row + 1) * dim), wanted);
      }
      const done = from + indices.length;
      context.emit({ type: 'progress', phase: 'embedding', done, total: records.length });
    }
  } finally {
    await pictures.close();
    embedder.dispose();
    tf.dispose([weights.parameters, weights.statistics]);
  }
  return takeFirst(job, records, similarities);
}

function takeFirst(
  { order, count }: SimilarityJob,
  records: readonly EngineRecord[],
  similarities: Float64Array,
): SimilarityReport {
  const sign = order === 'nearest' ? -1 : 1;
  const first = records
    .map(({ recordId, key }, index) => ({ recordId, key, similarity: similarities[index] ?? 0 }))
    .sort((a, b) => sign * (a.similarity - b.similarity) || (a.key < b.key ? -1 : 1))
    .slice(0, count);
  return {
    recordIds: first.map(({ recordId }) => recordId),
    similarities: first.map(({ similarity }) => similarity),
  };
}

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let squareA = 0;
  let squareB = 0;
  for (const [place, x] of a.entries()) {
    const y = b[place] ?? 0;
    dot += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  return dot / Math.sqrt(squareA * squareB || 1);
}
