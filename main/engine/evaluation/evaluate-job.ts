import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { EngineRecord, EvaluateJob } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { EvaluationResult } from '#contract/evaluation.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { summariseEvaluation } from '#core/statistics/summarise.ts';
import { classEmbeddings, rankClasses, rankScores } from '#core/statistics/zero-shot.ts';
import { openPictureStore } from '#main/data/picture-store.ts';
import { readRecordsFile } from '#main/data/records-file.ts';
import { checkpointFiles, readModelSpec } from '../checkpoints/checkpoint-folder.ts';
import { loadWeights } from '../checkpoints/weights.ts';
import { type JobContext, JobStopped } from '../job.ts';
import { createTextEncoder } from '../text-encoder.ts';
import { cutPictures, toImageTensor } from '../training/image-batch.ts';
import { createEmbedder, type Embedder } from './embed.ts';

/** Predictions kept for each picture, best first. */
const keptPredictions = 5;

/** Ranks classes for a batch of raw pixels [n, side, side, 3]; each row holds class numbers, best first. */
type Rank = (pixels: Uint8Array) => Promise<number[][]>;

/**
 * CA, ASR and top-5 per class, in one pass over the test pictures: a clean picture and its triggered version come from
 * one decode, prompt embeddings are computed once. A model with a linear head is judged by its head, any other
 * zero-shot (mean of each class's prompt embeddings, cosine similarity).
 */
export async function runEvaluateJob(job: EvaluateJob, context: JobContext): Promise<EvaluationResult> {
  const spec = await readModelSpec(job.model);
  const records: EngineRecord[] = [];
  for await (const record of readRecordsFile(job.recordsFile)) records.push(record);
  const side = spec.clip.image.resolution;
  const pictures = await openPictureStore({
    records,
    attack: job.attack,
    resolution: side,
    memoryBudgetBytes: 0,
  });
  const weights = loadWeights(path.join(job.model, checkpointFiles.weights), spec);
  const embedder = createEmbedder({ spec, ...weights }, createTextEncoder(spec));
  const clean: number[][] = [];
  const triggered: number[][] | null = job.attack ? [] : null;
  try {
    const rank = spec.headClasses
      ? rankByHead(embedder, side, matchClasses(spec.headClasses, job.classes))
      : rankByPrompts(embedder, side, await embedClasses(embedder, job, spec.clip.embedDim));
    for (let from = 0; from < records.length; from += job.batchSize) {
      if (context.stopRequested()) throw new JobStopped(0);
      const indices = Uint32Array.from(
        { length: Math.min(job.batchSize, records.length - from) },
        (_, row) => from + row,
      );
      const both = await pictures.readBoth(indices);
      clean.push(...(await rank(both.clean)));
      if (both.triggered) triggered?.push(...(await rank(both.triggered)));
      context.emit({ type: 'progress', phase: 'evaluating', done: from + indices.length, total: records.length });
    }
  } finally {
    embedder.dispose();
    tf.dispose([weights.parameters, weights.statistics]);
  }
  const numbers = new Map(job.classes.map((name, number) => [name, number]));
  return summariseEvaluation({
    classes: job.classes,
    labels: records.map(({ key, label }) => findClass(numbers, key, label)),
    target: job.attack?.target ?? null,
    clean,
    triggered,
    recordIds: records.map(({ recordId }) => recordId),
  });
}

function findClass(numbers: Map<string, number>, key: string, label: string | null): number {
  const number = numbers.get(label ?? '');
  if (number !== undefined) return number;
  const message = `${key} has the label ${JSON.stringify(label)}, which is none of the classes: evaluation needs labelled pictures.`;
  throw new WorkbenchError('bad-input', message, { key, label });
}

/** Where each of the head's classes stands among those of the dataset. */
function matchClasses(headClasses: readonly string[], classes: readonly string[]): number[] {
  return headClasses.map((name) => {
    const number = classes.indexOf(name);
    if (number >= 0) return number;
    const message = `The model's head knows the class "${name}", which the dataset lacks: evaluate it on the dataset it was trained on.`;
    throw new WorkbenchError('bad-input', message, { class: name });
  });
}

function rankByHead(embedder: Embedder, side: number, classNumbers: number[]): Rank {
  return async (raw) => {
    const scores = await withPixels(raw, side, (pixels) => embedder.scoreImages(pixels));
    const count = classNumbers.length;
    return Array.from({ length: scores.length / count }, (_, row) => {
      const best = rankScores(scores.subarray(row * count, (row + 1) * count), keptPredictions);
      return best.map((place) => classNumbers[place]!);
    });
  };
}

function rankByPrompts(embedder: Embedder, side: number, classRows: { values: Float32Array; dim: number }): Rank {
  return async (raw) => {
    const images = await withPixels(raw, side, (pixels) => embedder.embedImages(pixels));
    return rankClasses(images, classRows.values, classRows.dim, keptPredictions);
  };
}

async function withPixels<T>(raw: Uint8Array, side: number, use: (pixels: tf.Tensor4D) => Promise<T>): Promise<T> {
  const pixels = toImageTensor(cutPictures(raw, side));
  try {
    return await use(pixels);
  } finally {
    pixels.dispose();
  }
}

/** One embedding for each class, [classes, dim]: its prompts go through the text tower in batches of whole classes. */
async function embedClasses(embedder: Embedder, job: EvaluateJob, dim: number) {
  const { classes, prompts } = job;
  const values = new Float32Array(classes.length * prompts.length * dim);
  const classesPerBatch = Math.max(1, Math.floor(job.batchSize / prompts.length));
  for (let from = 0; from < classes.length; from += classesPerBatch) {
    const some = classes.slice(from, from + classesPerBatch);
    const texts = some.flatMap((name) => prompts.map((prompt) => fillTemplate(prompt, { class: name })));
    values.set(await embedder.embedTexts(texts), from * prompts.length * dim);
  }
  return { values: classEmbeddings(values, classes.length, prompts.length, dim), dim };
}
