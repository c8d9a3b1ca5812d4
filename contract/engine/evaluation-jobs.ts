import { z } from 'zod';
import type { EvaluationResult } from '../evaluation.ts';
import { attackSchema, checkpointFolder } from './records.ts';

export const evaluateJobSchema = z.object({
  kind: z.literal('evaluate'),
  model: checkpointFolder,
  recordsFile: z.string(),
  attack: attackSchema.nullable(),
  classes: z.array(z.string()),
  prompts: z.array(z.string()),
  batchSize: z.number().int().positive(),
  /** Where the image embeddings are kept for a rescore job; null keeps none, and a linear head has none. */
  embeddingsFile: z.string().nullable(),
});
export type EvaluateJob = z.infer<typeof evaluateJobSchema>;

export interface EvaluateReport {
  evaluation: EvaluationResult;
  /** SHA-256 (hex) of the embeddings' file; null where none was kept. */
  embeddingsSha256: string | null;
}

/** Ranks the pictures of an earlier evaluation by other prompts: the image tower is not run. */
export const rescoreJobSchema = z.object({
  kind: z.literal('rescore'),
  model: checkpointFolder,
  /** The records of the evaluation that kept the embeddings, in their order. */
  recordsFile: z.string(),
  embeddingsFile: z.string(),
  /** The class that the attacker wants; null where nothing was attacked. */
  target: z.string().nullable(),
  classes: z.array(z.string()),
  prompts: z.array(z.string()),
  batchSize: z.number().int().positive(),
});
export type RescoreJob = z.infer<typeof rescoreJobSchema>;

/** Retrieval among test pictures and captions, clean and under an attack. */
export const retrievalJobSchema = z.object({
  kind: z.literal('retrieval'),
  model: checkpointFolder,
  recordsFile: z.string(),
  attack: attackSchema.nullable(),
  batchSize: z.number().int().positive(),
});
export type RetrievalJob = z.infer<typeof retrievalJobSchema>;

export interface RetrievalReport {
  /** Those of contract/metrics.ts that could be measured. */
  metrics: EvaluationResult['metrics'];
}

/** Embeds pictures and captions into one safetensors file. */
export const embedJobSchema = z.object({
  kind: z.literal('embed'),
  model: checkpointFolder,
  recordsFile: z.string(),
  batchSize: z.number().int().positive(),
  /** Texts to embed in place of the records' captions; null: the captions. */
  texts: z.array(z.string()).nullable(),
  /** Rows of length 1 instead of raw ones. */
  unitLength: z.boolean(),
  /** Absolute path of the safetensors file. */
  out: z.string(),
});
export type EmbedJob = z.infer<typeof embedJobSchema>;

/** Embeds pictures and finds those nearest to the prompts of a class, or farthest. */
export const similarityJobSchema = z.object({
  kind: z.literal('similarity'),
  model: checkpointFolder,
  recordsFile: z.string(),
  target: z.string(),
  prompts: z.array(z.string()).min(1),
  batchSize: z.number().int().positive(),
  order: z.enum(['nearest', 'farthest']),
  /** How many to tell. */
  count: z.number().int().positive(),
});
export type SimilarityJob = z.infer<typeof similarityJobSchema>;

export interface SimilarityReport {
  /** The first `count` in the order asked for; equal ones by their keys. */
  recordIds: number[];
  /** Their cosine similarities to the target, in [-1, 1]. */
  similarities: number[];
}
