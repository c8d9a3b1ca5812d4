import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { DetectJob, DetectReport } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { openPictureStore } from '#main/data/picture-store.ts';
import { checkpointFiles, readModelSpec } from '../checkpoints/checkpoint-folder.ts';
import { loadWeights } from '../checkpoints/weights.ts';
import { createEmbedder } from '../evaluation/embed.ts';
import { readAllRecords } from '../evaluation/labelled-records.ts';
import { type JobContext, JobStopped } from '../job.ts';
import { createTextEncoder } from '../text-encoder.ts';
import { toPixelTensor } from '../training/image-batch.ts';
import type { PairFeatures } from './features.ts';
import { scorePairs } from './registry.ts';

/** Fewer pairs have no neighbourhoods to compare. */
const fewestPairs = 4;

/**
 * Scores pairs, poisoned ones with their triggers, by a detector on the model's raw features.
 * @throws WorkbenchError `bad-input` for a model with a linear head, which has no text tower, and for too few pairs;
 *   JobStopped
 */
export async function runDetectJob(job: DetectJob, context: JobContext): Promise<DetectReport> {
  const features = await embedPairs(job, context);
  const total = features.count;
  const scores = await scorePairs(features, job.settings, (done) => {
    if (context.stopRequested()) throw new JobStopped(0);
    context.emit({ type: 'progress', phase: 'scoring', done, total });
  });
  return { scores: [...scores] };
}

async function embedPairs(job: DetectJob, context: JobContext): Promise<PairFeatures> {
  const spec = await readModelSpec(job.model);
  if (spec.headClasses) {
    throw new WorkbenchError('bad-input', 'A model with a linear head has no text tower: choose another.');
  }
  const records = await readAllRecords(job.recordsFile);
  const count = records.length;
  if (count < fewestPairs) {
    const message = `There are ${count} training pairs, and a detection takes ${fewestPairs} at least: choose other data.`;
    throw new WorkbenchError('bad-input', message, { pairs: count });
  }
  const { embedDim: dim, image } = spec.clip;
  const { attacks, batchSize } = job;
  const { resolution } = image;
  const pictures = openPictureStore({ records, attacks, resolution, memoryBudgetBytes: 0 });
  const weights = loadWeights(path.join(job.model, checkpointFiles.weights), spec);
  const embedder = createEmbedder({ spec, ...weights }, createTextEncoder(spec));
  const images = new Float32Array(count * dim);
  const texts = new Float32Array(count * dim);
  try {
    for (let from = 0; from < count; from += batchSize) {
      if (context.stopRequested()) throw new JobStopped(0);
      const to = Math.min(count, from + batchSize);
      const indices = Uint32Array.from({ length: to - from }, (_, row) => from + row);
      const pixels = toPixelTensor(await pictures.read(indices), resolution);
      images.set(await embedder.embedImages(pixels), from * dim);
      pixels.dispose();
      texts.set(await embedder.embedTexts(records.slice(from, to).map(({ caption }) => caption)), from * dim);
      context.emit({ type: 'progress', phase: 'embedding', done: to, total: count });
    }
  } finally {
    await pictures.close();
    embedder.dispose();
    tf.dispose([weights.parameters, weights.statistics]);
  }
  return { images, texts, count, dim };
}
