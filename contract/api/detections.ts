import { oc } from '@orpc/contract';
import { z } from 'zod';
import { detectionSettingsSchema, recallSchema } from '../detection.ts';
import { scanResultSchema, scanSettingsSchema } from '../scan.ts';
import { mediaSchema, referenceSchema, timeSchema } from './shared.ts';

const namedSchema = z.object({ id: z.string(), name: z.string() });

/** A detection that was run, with the names of what it belongs to. */
export const detectionViewSchema = z.object({
  id: z.string(),
  /** `id` is the studied model's: of its run, or its own where it was brought from a file. */
  model: namedSchema,
  dataset: namedSchema,
  variant: namedSchema.nullable(),
  settings: detectionSettingsSchema,
  pairs: z.number().int(),
  /** How many of the pairs the manifest lists; null without one. */
  poisoned: z.number().int().nullable(),
  auroc: z.number().nullable(),
  recallAt: recallSchema,
  seconds: z.number(),
  createdAt: timeSchema,
});
export type DetectionView = z.infer<typeof detectionViewSchema>;

/** A pair in the order of suspicion; `poisoned` is null where no manifest says. */
export const suspectSchema = z.object({
  place: z.number().int(),
  recordId: z.number().int(),
  key: z.string(),
  caption: z.string(),
  label: z.string().nullable(),
  score: z.number(),
  poisoned: z.boolean().nullable(),
  /** As it was trained on: with the trigger, where it is poisoned. */
  picture: mediaSchema,
});
export type Suspect = z.infer<typeof suspectSchema>;

/** How many pairs have scores in each bin; the outer bins hold what lies beyond. */
export const scoreHistogramSchema = z.object({
  /** One more than bins, rising. */
  edges: z.array(z.number()),
  clean: z.array(z.number().int()),
  /** null without a manifest: then all are counted as clean. */
  poisoned: z.array(z.number().int()).nullable(),
});
export type ScoreHistogram = z.infer<typeof scoreHistogramSchema>;

/** A scan that was run. */
export const scanViewSchema = z.object({
  id: z.string(),
  model: namedSchema,
  dataset: namedSchema,
  settings: scanSettingsSchema,
  result: scanResultSchema,
  /** Addresses of what it found; null where it found no trigger. */
  mask: mediaSchema.nullable(),
  trigger: mediaSchema.nullable(),
  feature: mediaSchema.nullable(),
  seconds: z.number(),
  createdAt: timeSchema,
});
export type ScanView = z.infer<typeof scanViewSchema>;

const jobStarted = z.object({ jobId: z.string() });

export const detectionsApi = {
  /** Newest first. */
  list: oc.output(z.array(detectionViewSchema)),
  get: oc.input(z.object({ detection: z.string() })).output(detectionViewSchema),
  /** Pairs from the place after `offset` on, the most suspicious first. */
  page: oc
    .input(
      z.object({
        detection: z.string(),
        offset: z.number().int().min(0),
        limit: z.number().int().min(1).max(500),
      }),
    )
    .output(z.object({ rows: z.array(suspectSchema) })),
  histogram: oc.input(z.object({ detection: z.string() })).output(scoreHistogramSchema),
  /** Scores the training pairs of a variant or dataset, as a job; its result is {kind: 'detection', id}. */
  start: oc
    .input(
      z.object({
        model: referenceSchema,
        data: z.object({ kind: z.enum(['variant', 'dataset']), name: referenceSchema }),
        settings: detectionSettingsSchema,
      }),
    )
    .output(jobStarted),
  /** Makes a dataset without the most suspicious, and of a variant a variant with the poison that is left. */
  clean: oc
    .input(
      z.object({
        detection: z.string(),
        drop: z.number().int().min(1),
        name: z.string().min(1).max(200),
      }),
    )
    .output(
      z.object({
        datasetId: z.string(),
        variantId: z.string().nullable(),
        removed: z.number().int(),
        /** Poisoned pairs that are still there; null where no manifest says. */
        poisonLeft: z.number().int().nullable(),
      }),
    ),
  /** Tags the most suspicious records, so that the browser of datasets shows them. */
  tag: oc
    .input(z.object({ detection: z.string(), count: z.number().int().min(1).max(100_000) }))
    .output(z.object({ tag: z.string(), datasetId: z.string() })),
};

export const scansApi = {
  /** Newest first. */
  list: oc.output(z.array(scanViewSchema)),
  get: oc.input(z.object({ scan: z.string() })).output(scanViewSchema),
  /** Looks for a backdoor as a job; its result is {kind: 'scan', id}. */
  start: oc
    .input(
      z.object({
        model: referenceSchema,
        /** null: the model's own. */
        dataset: referenceSchema.nullable(),
        settings: scanSettingsSchema,
      }),
    )
    .output(jobStarted),
};
