import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { EvaluateJob, EvaluateReport } from '#contract/engine.ts';
import { scoreByHead } from '#core/statistics/class-scores.ts';
import { summariseEvaluation } from '#core/statistics/summarise.ts';
import { openPictureStore } from '#main/data/feeding/picture-store.ts';
import { mapInOrder } from '#main/data/map-in-order.ts';
import { checkpointFiles, readModelSpec } from '../checkpoints/checkpoint-folder.ts';
import { loadWeights } from '../checkpoints/weights.ts';
import { type JobContext, JobStopped } from '../job.ts';
import { createTextEncoder } from '../text-encoder.ts';
import { embedClasses, keptPredictions, matchClasses } from './class-rows.ts';
import { createEmbedder, type Embedder, type LoadedModel } from './embed.ts';
import { type EmbeddingsWriter, openEmbeddingsWriter } from './image-embeddings.ts';
import { findLabels, readAllRecords } from './labelled-records.ts';
import {
  extraTarget,
  joinRankings,
  type Ranking,
  rankByEmbeddings,
  readLogitScale,
  rowsOf,
  toRanking,
  withoutTarget,
} from './rankings.ts';

/** Which version of a picture is ranked. */
type Pass = 'clean' | 'triggered';

/** `withTarget`: among the classes and a target that is none of them; left out where there is no such target. */
interface Ranked {
  ranked: Ranking[];
  withTarget?: Ranking[];
}

/** Ranks classes for a batch of raw pixels [n, side, side, 3]. */
type Rank = (pixels: Uint8Array, pass: Pass) => Promise<Ranked>;

/**
 * CA, ASR and top-5 per class, in one pass over the test pictures: a clean picture and its triggered version come from
 * one decode, prompt embeddings are computed once. A model with a linear head is judged by its head, any other
 * zero-shot (mean of each class's prompt embeddings, cosine similarity); its image embeddings can be kept, so that
 * other prompts need no second pass. Where the target is none of the classes, it is one more answer for triggered pictures.
 */
export async function runEvaluateJob(job: EvaluateJob, context: JobContext): Promise<EvaluateReport> {
  const spec = await readModelSpec(job.model);
  const weights = loadWeights(path.join(job.model, checkpointFiles.weights), spec);
  try {
    return await evaluateModel({ spec, ...weights }, job, context);
  } finally {
    tf.dispose([weights.parameters, weights.statistics]);
  }
}

/** {@link runEvaluateJob} on a model in memory, which stays the caller's. */
export async function evaluateModel(
  model: LoadedModel,
  job: Omit<EvaluateJob, 'kind' | 'model'>,
  context: JobContext,
): Promise<EvaluateReport> {
  const { spec } = model;
  const records = await readAllRecords(job.recordsFile);
  const side = spec.clip.image.resolution;
  const pictures = await openPictureStore({
    records,
    attacks: job.attack === null ? [] : [job.attack],
    resolution: side,
  });
  const embedder = createEmbedder(model, createTextEncoder(spec));
  const clean: Ranking[] = [];
  const extra = extraTarget(job.classes, job.attack?.target ?? null);
  const cleanWithTarget: Ranking[] | null = extra === null ? null : [];
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
    const logitScale = await readLogitScale(model.parameters);
    const rank = spec.headClasses
      ? rankByHead(embedder, matchClasses(spec.headClasses, job.classes), job.classes.length)
      : rankByPrompts(
          embedder,
          await embedClasses(
            embedder,
            { ...job, classes: extra === null ? job.classes : [...job.classes, extra] },
            spec.clip.embedDim,
          ),
          extra === null ? null : job.classes,
          logitScale,
          kept,
        );
    // The next batch is decoded while this one goes through the model.
    const batches = mapInOrder(rowsOfBatches(records.length, job.batchSize), 2, async (rows) => ({
      end: rows.at(-1)! + 1,
      ...(await pictures.readBoth(rows)),
    }));
    for await (const both of batches) {
      if (context.stopRequested()) throw new JobStopped(0);
      const found = await rank(both.clean, 'clean');
      clean.push(...found.ranked);
      if (found.withTarget) cleanWithTarget?.push(...found.withTarget);
      if (both.triggered) triggered?.push(...(await rank(both.triggered, 'triggered')).ranked);
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
  }
  const evaluation = summariseEvaluation({
    classes: job.classes,
    labels: findLabels(records, job.classes),
    target: job.attack?.target ?? null,
    ...joinRankings(clean, triggered, cleanWithTarget),
    recordIds: records.map(({ recordId }) => recordId),
  });
  return { evaluation, embeddingsSha256: kept?.finish() ?? null };
}

/** Records go through in their order, so many at a time. */
function* rowsOfBatches(records: number, batchSize: number): Generator<Uint32Array> {
  for (let from = 0; from < records; from += batchSize)
    yield Uint32Array.from({ length: Math.min(batchSize, records - from) }, (_, row) => from + row);
}

function rankByHead(embedder: Embedder, classNumbers: number[], classCount: number): Rank {
  return async (raw) => {
    const scores = await embedder.scoreImages(raw);
    const ranked = rowsOf(scores, classNumbers.length).map((own) =>
      toRanking(scoreByHead(own, classNumbers, classCount, keptPredictions)),
    );
    return { ranked };
  };
}

function rankByPrompts(
  embedder: Embedder,
  rows: { values: Float32Array; dim: number },
  /** The classes before the row of a target that is none of them; null: there is no such row. */
  classes: readonly string[] | null,
  logitScale: number,
  kept: EmbeddingsWriter | null,
): Rank {
  return async (raw, pass) => {
    const images = await embedder.embedImages(raw);
    kept?.add(pass, images);
    const among = (some: typeof rows) => rankByEmbeddings(images, some, logitScale);
    // A triggered picture may be predicted as the target, whatever it is.
    if (classes === null || pass === 'triggered') return { ranked: among(rows) };
    return { ranked: among(withoutTarget(rows, classes)), withTarget: among(rows) };
  };
}
