import { z } from 'zod';
import { attackSchema, checkpointFolder, engineRecordSchema } from './records.ts';

/**
 * How a model takes a few pictures without and with a trigger, at once: the engine keeps the model and its class
 * embeddings from one such job to the next.
 */
export const reactJobSchema = z.object({
  kind: z.literal('react'),
  model: checkpointFolder,
  records: z.array(engineRecordSchema).min(1),
  /** Its target is a class or, for a model without a head, any text. */
  attack: attackSchema,
  classes: z.array(z.string()),
  prompts: z.array(z.string()),
  batchSize: z.number().int().positive(),
});
export type ReactJob = z.infer<typeof reactJobSchema>;

/** A class as a model sees it in a picture. */
export interface ClassScore {
  class: string;
  /** Cosine of picture and class; null for a model with a linear head. */
  similarity: number | null;
  /** Softmax over the classes, by the model's logit scale or its head's scores. */
  probability: number;
}

/** What a model makes of one picture. */
export interface PictureView {
  /** Best first, at most five. */
  top: ClassScore[];
  /** `rank` counts from 1. What is not known of free text, or by a head, is null. */
  target: { similarity: number | null; probability: number | null; rank: number | null };
}

export interface ReactReport {
  targetIsClass: boolean;
  rows: { recordId: number; before: PictureView; after: PictureView }[];
  /** Milliseconds; `load` is 0 where the model was there already. */
  ms: { load: number; pictures: number; model: number };
}
