import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { EmbedJob } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { openPictureStore } from '#main/data/picture-store.ts';
import { checkpointFiles, readModelSpec } from '../checkpoints/checkpoint-folder.ts';
import { writeSafetensors } from '../checkpoints/safetensors.ts';
import type { WritableTensor } from '../checkpoints/tensor-dtypes.ts';
import { loadWeights } from '../checkpoints/weights.ts';
import { type JobContext, JobStopped } from '../job.ts';
import { createTextEncoder } from '../text-encoder.ts';
import { toPixelTensor } from '../training/image-batch.ts';
import { createEmbedder } from './embed.ts';
import { readAllRecords } from './labelled-records.ts';

/**
 * Embeddings of pictures and of their captions, as a safetensors file: `images` and `texts` [n, dim] float32, row by
 * row in the order of `keys`, a JSON list in the file's metadata.
 * @throws WorkbenchError `bad-input` for a model with a linear head, `corrupt-file` for a picture
 */
export async function runEmbedJob(
  job: EmbedJob,
  context: JobContext,
): Promise<{ rows: number; dim: number; sha256: string }> {
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
  const images = new Float32Array(records.length * dim);
  const texts = new Float32Array(records.length * dim);
  try {
    for (let from = 0; from < records.length; from += job.batchSize) {
      if (context.stopRequested()) throw new JobStopped(0);
      const rows = records.slice(from, from + job.batchSize);
      const indices = Uint32Array.from(rows, (_, row) => from + row);
      const pixels = toPixelTensor(await pictures.read(indices), image.resolution);
      images.set(await embedder.embedImages(pixels), from * dim);
      pixels.dispose();
      texts.set(await embedder.embedTexts(rows.map(({ caption }) => caption)), from * dim);
      context.emit({ type: 'progress', phase: 'embedding', done: from + rows.length, total: records.length });
    }
  } finally {
    await pictures.close();
    embedder.dispose();
    tf.dispose([weights.parameters, weights.statistics]);
  }
  if (job.unitLength) for (const values of [images, texts]) normaliseRows(values, dim);
  const shape = [records.length, dim];
  const tensors = new Map<string, WritableTensor>([
    ['images', { dtype: 'F32', shape, data: images }],
    ['texts', { dtype: 'F32', shape, data: texts }],
  ]);
  const notes = { keys: JSON.stringify(records.map(({ key }) => key)) };
  return { rows: records.length, dim, sha256: writeSafetensors(job.out, tensors, notes) };
}

function normaliseRows(values: Float32Array, dim: number): void {
  for (let from = 0; from < values.length; from += dim) {
    const row = values.subarray(from, from + dim);
    const length = Math.hypot(...row) || 1;
    for (let at = 0; at < dim; at++) row[at] = row[at]! / length;
  }
}
