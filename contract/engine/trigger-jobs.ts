import { z } from 'zod';
import { detectionSettingsSchema } from '../detection.ts';
import { patchOptimisingSchema } from '../patch-optimising.ts';
import { scanSettingsSchema } from '../scan.ts';
import type { PatchTrigger } from '../trigger.ts';
import { attackSchema, checkpointFolder } from './records.ts';

/** Optimises a patch against a model, after BadCLIP (arXiv 2311.12075): see optimise-patch-job.ts. */
export const optimisePatchJobSchema = z.object({
  kind: z.literal('optimise-patch'),
  model: checkpointFolder,
  /** Clean pictures; those with the target as their label stand for what it really looks like. */
  recordsFile: z.string(),
  target: z.string(),
  prompts: z.array(z.string()).min(1),
  settings: patchOptimisingSchema,
});
export type OptimisePatchJob = z.infer<typeof optimisePatchJobSchema>;

export interface OptimisePatchReport {
  trigger: PatchTrigger;
  /** Mean cosine to the target's text, over the pictures that are not of the target: without a patch, with it as it began, with it as it is kept. */
  similarity: { clean: number; start: number; end: number };
  /** Pictures it was laid on, and real pictures of the target. */
  pictures: number;
  targetPictures: number;
}

/** Scores pairs by a detector of poisoned pairs, on a model's raw features. */
export const detectJobSchema = z.object({
  kind: z.literal('detect'),
  model: checkpointFolder,
  /** The pairs as the model was, or would be, trained on them. */
  recordsFile: z.string(),
  /** The triggers of poisoned pairs, by their part. */
  attacks: z.array(attackSchema),
  settings: detectionSettingsSchema,
  /** Pairs that go through the towers at once. */
  batchSize: z.number().int().positive(),
});
export type DetectJob = z.infer<typeof detectJobSchema>;

export interface DetectReport {
  /** One for each pair, in the order of the records. */
  scores: number[];
}

/** Looks for a trigger that makes all pictures alike, by DECREE: see main/engine/scanning. */
export const scanJobSchema = z.object({
  kind: z.literal('scan'),
  model: checkpointFolder,
  /** Clean pictures. */
  recordsFile: z.string(),
  classes: z.array(z.string()),
  prompts: z.array(z.string()),
  settings: scanSettingsSchema,
  /** Where mask, trigger and feature are written. */
  outputFolder: z.string(),
});
export type ScanJob = z.infer<typeof scanJobSchema>;
