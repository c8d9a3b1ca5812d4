import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { EvaluateJob, EvaluateReport } from '#contract/engine.ts';
import { scoreByHead } from '#core/statistics/class-scores.ts';
import { summariseEvaluation } from '#core/statistics/summarise.ts';
import { mapInOrder } from '#main/data/map-in-order.ts';
import { openPictureStore } from '#main/data/picture-store.ts';
import { checkpointFiles, readModelSpec } from '../checkpoints/checkpoint-folder.ts';
import { loadWeights } from '../checkpoints/weights.ts';
import { type JobContext, JobStopped } from '../job.ts';
import { createTextEncoder } from '../text-encoder.ts';
import { cutPictures, toImageTensor } from '../training/image-batch.ts';
import { embedClasses, keptPredictions, matchClasses } from './class-rows.ts';
import { createEmbedder, type Embedder } from './embed.ts';
import { type EmbeddingsWriter, openEmbeddingsWriter } from './image-embeddings.ts';
import { findLabels, readAllRecords } from './labelled-records.ts';
import {
  joinRankings,
  type Ranking,
  rankByEmbeddings,
  readTemperature,
  rowsOf,
  toRanking,
} from './rankings.ts';

/** Which version of a picture is ranked. */
type Pass = 'clean' | 'triggered';

/** Ranks classes for a batch of raw pixels [n, side, side, 3]. */
type Rank = (pixels: Uint8Array, pass: Pass) => Promise<Ranking[]>;

/**
 * CA, ASR and top-5 per class, in one pass over the test pictures: a clean picture and its triggered version come from
 * one decode, prompt embeddings are computed once. A model with a linear head is judged by its head, any other
 * zero-shot (mean of each class's prompt embeddings, cosine similarity); its image embeddings can be kept, so that
 * other prompts need no second pass.
 */
export async function runEvaluateJob(job: EvaluateJob, context: JobContext): Promise<EvaluateReport> {
  const spec = await readModelSpec(job.model);
  const records = await readAllRecords(job.recordsFile);
  const side = spec.clip.image.resolution;
  const pictures = await openPictureStore({
    records,
    attacks: job.attack === null ? [] : [job.attack],
    resolution: side,
    memoryBudgetBytes: 0,
  });
  const weights = loadWeights(path.join(job.model, checkpointFiles.weights), spec);
  const embedder = createEmbedder({ spec, ...weights }, createTextEncoder(spec));
  const clean: Ranking[] = [];
  const triggered: Ranking[] | null = job.attack ? [] : null;
  const kept =
    job.embeddingsFile !== null && !spec.headClasses
      ? openEmbeddingsWriter(job.embeddingsFile, {
          images: records.length,
          dim: spec.clip.embedDim,
          attacked: job.attack !== null,
        })
      : null;
  try {
    const temperature = await readTemperature(weights.parameters);
    const rank = spec.headClasses
      ? rankByHead(embedder, side, matchClasses(spec.headClasses, job.classes), job.classes.length)
      : rankByPrompts(
          embedder,
          side,
          await embedClasses(embedder, job, spec.clip.embedDim),
          temperature,
          kept,
        );
    // The next batch is decoded while this one goes through the model.
    const batches = mapInOrder(rowsOfBatches(records.length, job.batchSize), 2, async (rows) => ({
      end: rows.at(-1)! + 1,
      ...(await pictures.readBoth(rows)),
    }));
    for await (const both of batches) {
      if (context.stopRequested()) throw new JobStopped(0);
      clean.push(...(await rank(both.clean, 'clean')));
      if (both.triggered) triggered?.push(...(await rank(both.triggered, 'triggered')));
      context.emit({
        type: 'progress',
        phase: 'evaluating',
        done: both.end,
        total: records.length,
      });
    }
  } finally {
    await pictures.close();
    embedder.dispose();
    tf.dispose([weights.parameters, weights.statistics]);
  }
  const evaluation = summariseEvaluation({
    classes: job.classes,
    labels: findLabels(records, job.classes),
    target: job.attack?.target ?? null,
    ...joinRankings(clean, triggered),
    recordIds: records.map(({ recordId }) => recordId),
  });
  return { evaluation, embeddingsSha256: kept?.finish() ?? null };
}

/** Records go through in their order, so many at a time. */
function* rowsOfBatches(records: number, batchSize: number): Generator<Uint32Array> {
  for (let from = 0; from < records; from += batchSize)
    yield Uint32Array.from({ length: Math.min(batchSize, records - from) }, (_, row) => from + row);
}

function rankByHead(embedder: Embedder, side: number, classNumbers: number[], classCount: number): Rank {
  return async (raw) => {
    const scores = await withPixels(raw, side, (pixels) => embedder.scoreImages(pixels));
    return rowsOf(scores, classNumbers.length).map((own) =>
      toRanking(scoreByHead(own, classNumbers, classCount, keptPredictions)),
    );
  };
}

function rankByPrompts(
  embedder: Embedder,
  side: number,
  classRows: { values: Float32Array; dim: number },
  temperature: number,
  kept: EmbeddingsWriter | null,
): Rank {
  return async (raw, pass) => {
    const images = await withPixels(raw, side, (pixels) => embedder.embedImages(pixels));
    kept?.add(pass, images);
    return rankByEmbeddings(images, classRows, temperature);
  };
}

async function withPixels<T>(
  raw: Uint8Array,
  side: number,
  use: (pixels: tf.Tensor4D) => Promise<T>,
): Promise<T> {
  const pixels = toImageTensor(cutPictures(raw, side));
  try {
    return await use(pixels);
  } finally {
    pixels.dispose();
  }
}
