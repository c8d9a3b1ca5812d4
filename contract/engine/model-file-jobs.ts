import { z } from 'zod';
import { type Activation, activationSchema, type ModelSpec } from '../clip-config.ts';
import type { EvaluationResult } from '../evaluation.ts';
import { exportFormatSchema, type ModelFileReport, resizedResolutionSchema } from '../model-files.ts';
import { checkpointFolder } from './records.ts';

/** Reads a model file and, with an output folder, writes it as a checkpoint folder. */
export const importModelJobSchema = z.object({
  kind: z.literal('import-model'),
  /** Absolute path of a file or folder. */
  path: z.string(),
  activation: activationSchema.nullable(),
  /** Pictures of another side than the file's, px; null: as the file has it. */
  resolution: resizedResolutionSchema.nullable(),
  /** null: only look. */
  outputFolder: checkpointFolder.nullable(),
  /** Labelled pictures on which the model is measured with each activation; null: not at all. */
  measured: z
    .object({
      recordsFile: z.string(),
      classes: z.array(z.string()),
      prompts: z.array(z.string()),
      batchSize: z.number().int().positive(),
    })
    .nullable(),
});
export type ImportModelJob = z.infer<typeof importModelJobSchema>;

export interface ImportModelReport extends ModelFileReport {
  spec: ModelSpec;
  /** SHA-256 (hex) of the file, or of all files of a folder, one after the other. */
  sourceSha256: string;
  /** Of the written weights.safetensors; null where nothing was written. */
  weightsSha256: string | null;
  /** By activation, where it was measured. */
  measured: { activation: Activation; evaluation: EvaluationResult }[];
}

/** Writes a model as other programs read it. */
export const exportModelJobSchema = z.object({
  kind: z.literal('export-model'),
  model: checkpointFolder,
  format: exportFormatSchema,
  /** Absolute path of the file, or of the folder for Hugging Face's; it must not be there. */
  out: z.string(),
  /** What a training checkpoint says of itself. */
  name: z.string(),
});
export type ExportModelJob = z.infer<typeof exportModelJobSchema>;
