import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import type { ReactJob } from '#contract/engine.ts';
import { checkpointFiles, readModelSpec } from '../checkpoints/checkpoint-folder.ts';
import { loadWeights } from '../checkpoints/weights.ts';
import { createTextEncoder } from '../text-encoder.ts';
import { embedClasses, matchClasses } from './class-rows.ts';
import { createEmbedder, type Embedder } from './embed.ts';
import { readLogitScale } from './rankings.ts';

/** A model that stays loaded, with what stands for the classes. */
export interface LiveModel {
  spec: ModelSpec;
  embedder: Embedder;
  /** The classes that a linear head's scores stand for; null: it is judged by prompts. */
  head: { numbers: number[]; classCount: number } | null;
  /** Row-major [classes, embedDim], of length 1; empty with a head. */
  classRows: Float32Array;
  /** exp(logit_scale): what cosines are multiplied by. */
  logitScale: number;
  /** Raw embeddings of texts that were asked for. */
  texts: Map<string, Float32Array>;
}

interface Kept {
  key: string;
  model: LiveModel;
  dispose(): void;
}

/** One model at a time: the process holds it until another is asked for, or it ends. */
let kept: Kept | null = null;

/** The model of a job with its classes, from memory where it was the last one. `loaded`: it had to be loaded. */
export async function openLiveModel(
  job: Pick<ReactJob, 'model' | 'classes' | 'prompts' | 'batchSize'>,
): Promise<{ model: LiveModel; loaded: boolean }> {
  const key = JSON.stringify([job.model, job.classes, job.prompts]);
  if (kept?.key === key) return { model: kept.model, loaded: false };
  kept?.dispose();
  kept = null;
  kept = { key, ...(await load(job)) };
  return { model: kept.model, loaded: true };
}

async function load(
  job: Pick<ReactJob, 'model' | 'classes' | 'prompts' | 'batchSize'>,
): Promise<Omit<Kept, 'key'>> {
  const spec = await readModelSpec(job.model);
  const { parameters, statistics } = loadWeights(path.join(job.model, checkpointFiles.weights), spec);
  const embedder = createEmbedder({ spec, parameters, statistics }, createTextEncoder(spec));
  const dispose = () => {
    embedder.dispose();
    tf.dispose([parameters, statistics]);
  };
  try {
    const { headClasses, clip } = spec;
    const head =
      headClasses === null
        ? null
        : { numbers: matchClasses(headClasses, job.classes), classCount: job.classes.length };
    const classRows =
      head === null ? (await embedClasses(embedder, job, clip.embedDim)).values : new Float32Array(0);
    const logitScale = await readLogitScale(parameters);
    return { model: { spec, embedder, head, classRows, logitScale, texts: new Map() }, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
