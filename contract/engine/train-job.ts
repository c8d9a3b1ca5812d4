import { z } from 'zod';
import type { modelSpecSchema } from '../clip-config.ts';
import { runConfigSchema } from '../run.ts';
import { attackSchema, checkpointFolder } from './records.ts';

export const trainJobSchema = z.object({
  kind: z.literal('train'),
  runId: z.string(),
  config: runConfigSchema,
  recordsFile: z.string(),
  /** Those of the variant that is trained on, in the order of its parts; none for clean data. */
  attacks: z.array(attackSchema),
  /** Prompts with class names filled in: their tokens belong to a small model's vocabulary. */
  promptTexts: z.array(z.string()),
  classes: z.array(z.string()),
  /** Folder of the model that the configuration starts from; null from scratch. */
  start: checkpointFolder.nullable(),
  /** Checkpoint to go on from, with the step it was made at. */
  resume: z.object({ folder: checkpointFolder, step: z.number().int().min(0) }).nullable(),
  /** Checkpoints are written to folders step-N inside: at the end of each epoch and when the job is stopped. */
  outputFolder: z.string(),
  /** And within an epoch, once so many minutes have gone by since the last; left out: not then. */
  checkpointMinutes: z.number().min(0).optional(),
  /** Losses are read after so many steps, and before each checkpoint; left out: after each, on a GPU after ten. */
  readEvery: z.number().int().positive().optional(),
  /** Where decoded pictures that do not fit the memory lie until the job ends, and how many bytes they may take. */
  pictureCache: z.object({ folder: z.string(), bytes: z.number().min(0) }).optional(),
  /** Test pictures on which CA and ASR are measured after each epoch, as metrics `ca` and `asr`; left out: not at all. */
  measured: z
    .object({
      recordsFile: z.string(),
      /** May differ from the attack that is trained on: a cleaned model is measured under the attack it was cleaned of. */
      attack: attackSchema.nullable(),
      prompts: z.array(z.string()),
      batchSize: z.number().int().positive(),
    })
    .optional(),
});
export type TrainJob = z.infer<typeof trainJobSchema>;

export interface TrainResult {
  spec: z.infer<typeof modelSpecSchema>;
  /** Loss of the last step; null where a resumed run had none left to do. */
  finalLoss: number | null;
  seconds: number;
  weightsSha256: string;
  resumedFromStep: number | null;
}
