import { z } from 'zod';
import { pictureSourceSchema } from '../picture-source.ts';
import { triggerSchema } from '../trigger.ts';

/** One line of a records file (JSON lines): what the engine needs of a record. */
export const engineRecordSchema = z.object({
  recordId: z.number().int(),
  /** The picture's key: triggers draw by it. Records that share a picture have one. */
  key: z.string(),
  /** Where the picture is; its path is absolute. */
  image: pictureSourceSchema,
  caption: z.string(),
  label: z.string().nullable(),
  /** The hash of the picture's pixels as it was imported (core/pixels/picture-hash); left out: it is not compared. */
  sha256: z.string().optional(),
  /** The trigger is applied to this one. */
  poisoned: z.boolean(),
  /** Which of the job's attacks, from 0; left out: the first. */
  part: z.number().int().min(0).optional(),
});
export type EngineRecord = z.infer<typeof engineRecordSchema>;

/** A trigger and the resolution its geometry counts in. */
export const attackSchema = z.object({
  trigger: triggerSchema,
  resolution: z.number().int().positive(),
  target: z.string(),
  seed: z.number().int().min(0),
});
export type Attack = z.infer<typeof attackSchema>;

/** Folder with weights.safetensors, model.json and, to resume, optimiser.safetensors. Absolute path. */
export const checkpointFolder = z.string();
