import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import type { RescoreJob } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { EvaluationResult } from '#contract/evaluation.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { listFirst } from '#core/list-first.ts';
import { summariseEvaluation } from '#core/statistics/summarise.ts';
import { loadTokenizer } from '#main/data/words/clip-merges.ts';
import { checkpointFiles, readModelSpec } from '../checkpoints/checkpoint-folder.ts';
import { loadWeights } from '../checkpoints/weights.ts';
import { type JobContext, JobStopped } from '../job.ts';
import { createTextEncoder } from '../text-encoder.ts';
import { embedClasses } from './class-rows.ts';
import { createEmbedder } from './embed.ts';
import { type ImageEmbeddings, readImageEmbeddings } from './image-embeddings.ts';
import { findLabels, readAllRecords } from './labelled-records.ts';
import {
  extraTarget,
  joinRankings,
  type Ranking,
  rankByEmbeddings,
  readLogitScale,
  withoutTarget,
} from './rankings.ts';

/**
 * What an evaluate job finds with these prompts, from the image embeddings that an earlier one kept: with the same
 * prompts the same predictions.
 * @throws WorkbenchError `bad-input` for a model with a linear head, which reads no prompts; `corrupt-file` where
 *   the embeddings are not those of the records
 */
export async function runRescoreJob(job: RescoreJob, context: JobContext): Promise<EvaluationResult> {
  const spec = await readModelSpec(job.model);
  if (spec.headClasses) {
    throw new WorkbenchError(
      'bad-input',
      'A model with a linear head reads no prompts: there is nothing to score.',
    );
  }
  const records = await readAllRecords(job.recordsFile);
  const embeddings = readImageEmbeddings(job.embeddingsFile);
  checkFit(job, spec, records.length, embeddings);
  tellUnknownWords(job, spec, context);
  const { dim } = embeddings;
  const weights = loadWeights(path.join(job.model, checkpointFiles.weights), spec);
  const embedder = createEmbedder({ spec, ...weights }, createTextEncoder(spec));
  const clean: Ranking[] = [];
  const extra = extraTarget(job.classes, job.target);
  const cleanWithTarget: Ranking[] | null = extra === null ? null : [];
  const triggered: Ranking[] | null = embeddings.triggered ? [] : null;
  try {
    const classes = extra === null ? job.classes : [...job.classes, extra];
    const rows = await embedClasses(embedder, { ...job, classes }, dim);
    const logitScale = await readLogitScale(weights.parameters);
    const rank = (values: Float32Array, from: number, to: number, among = rows) =>
      rankByEmbeddings(values.subarray(from * dim, to * dim), among, logitScale);
    for (let from = 0; from < records.length; from += job.batchSize) {
      if (context.stopRequested()) throw new JobStopped(0);
      const to = Math.min(records.length, from + job.batchSize);
      clean.push(...rank(embeddings.clean, from, to, withoutTarget(rows, job.classes)));
      cleanWithTarget?.push(...rank(embeddings.clean, from, to));
      if (embeddings.triggered) triggered?.push(...rank(embeddings.triggered, from, to));
      context.emit({ type: 'progress', phase: 'scoring', done: to, total: records.length });
      // Messages, such as one to stop, are heard between batches.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    embedder.dispose();
    tf.dispose([weights.parameters, weights.statistics]);
  }
  return summariseEvaluation({
    classes: job.classes,
    labels: findLabels(records, job.classes),
    target: job.target,
    ...joinRankings(clean, triggered, cleanWithTarget),
    recordIds: records.map(({ recordId }) => recordId),
  });
}

function checkFit(job: RescoreJob, spec: ModelSpec, records: number, embeddings: ImageEmbeddings): void {
  const { images, dim, triggered } = embeddings;
  if (images === records && dim === spec.clip.embedDim && (triggered !== null) === (job.target !== null))
    return;
  throw new WorkbenchError(
    'corrupt-file',
    `${job.embeddingsFile} holds other pictures' embeddings (${images} of ${dim} numbers, not ${records} of ${spec.clip.embedDim}): evaluate again.`,
    { path: job.embeddingsFile, images, dim, records },
  );
}

/** A model made for few words skips the others: a prompt then says less to it than to a person. */
function tellUnknownWords({ prompts }: RescoreJob, { vocabulary }: ModelSpec, context: JobContext): void {
  if (vocabulary === null) return;
  const known = new Set(vocabulary);
  const tokenizer = loadTokenizer();
  const unknown = prompts.filter((prompt) =>
    tokenizer.encode(fillTemplate(prompt, { class: '' })).some((id) => !known.has(id)),
  );
  if (unknown.length === 0) return;
  const quoted = unknown.map((prompt) => JSON.stringify(prompt));
  context.emit({
    type: 'log',
    text: `This model's vocabulary lacks words of ${unknown.length} of ${prompts.length} prompts, which it skips: ${listFirst(quoted, 5)}.`,
  });
}
