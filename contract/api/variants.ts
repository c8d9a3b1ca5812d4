import { oc } from '@orpc/contract';
import { z } from 'zod';
import { captionTriggerSchema } from '../caption-trigger.ts';
import { triggerSchema } from '../trigger.ts';
import { amountSchema, mostParts, recipeSchema, selectionRequestSchema, strategySchema } from '../variant.ts';
import { countSchema } from './datasets.ts';
import { mediaSchema, referenceSchema, timeSchema } from './shared.ts';

export const variantViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  datasetId: z.string(),
  dataset: z.string(),
  recipe: recipeSchema,
  manifestSha256: z.string(),
  changed: z.number().int(),
  /** Changed records of each part of the recipe. */
  changedByPart: z.array(z.number().int()),
  /** Names of the models that the recipe's orders name by the hash of their weights, where they are known here. */
  models: z.record(z.string(), z.string()),
  /** Runs and evaluations that use it; while there are any it cannot be removed. */
  uses: z.number().int(),
  createdAt: timeSchema,
  /** A few changed pictures. */
  thumbnails: z.array(mediaSchema),
});
export type VariantView = z.infer<typeof variantViewSchema>;

/** A part of a recipe as a person asks for it. */
export const partRequestSchema = z.object({
  trigger: triggerSchema,
  /** A class of the dataset; left out for the strategy all-to-all. */
  target: z.string().min(1).optional(),
  amount: amountSchema,
  /** Left out: the dataset's. */
  captionTemplates: z.array(z.string().min(1)).min(1).optional(),
  strategy: strategySchema.default('templates'),
  selection: selectionRequestSchema.default({}),
  captionTrigger: captionTriggerSchema.optional(),
});
export type PartRequest = z.input<typeof partRequestSchema>;

/** A variant as a person asks for it: window, command line and workbench take this type. */
export const variantRequestSchema = z.object({
  /** Left out: made from the recipe. */
  name: z.string().min(1).max(200).optional(),
  dataset: referenceSchema,
  resolution: z.number().int().min(1).max(4096),
  seed: z.number().int().min(0),
  parts: z.array(partRequestSchema).min(1).max(mostParts),
});
export type VariantRequest = z.input<typeof variantRequestSchema>;

/** What a part would change, told while it is being made: triggers are drawn by the screen. */
export const variantPreviewSchema = z.object({
  /** Records that may be changed; `exact` false: at least so many, ask again. */
  candidates: countSchema,
  /** Training pairs of the dataset: what a rate counts. */
  trainingPairs: z.number().int(),
  /** How many would be changed. */
  wanted: z.number().int(),
  /** What keeps it from being made, and what to do; null where nothing does. */
  problem: z.string().nullable(),
  /** Whether the examples are among the records that would be chosen; else they are candidates. */
  chosen: z.boolean(),
  examples: z.array(
    z.object({
      recordId: z.number().int(),
      key: z.string(),
      label: z.string().nullable(),
      oldCaption: z.string(),
      newCaption: z.string(),
      /** At most 96 pixels a side. */
      thumbnail: mediaSchema,
      /** As it is stored. */
      picture: mediaSchema,
    }),
  ),
});
export type VariantPreview = z.infer<typeof variantPreviewSchema>;

export const verificationSchema = z.object({
  checkedAt: timeSchema,
  /** Records looked at. */
  records: z.number().int(),
  ok: z.boolean(),
  /** The first 500. */
  mismatches: z.array(
    z.object({
      /** null for the manifest as a whole. */
      key: z.string().nullable(),
      what: z.enum(['picture', 'new caption', 'old caption', 'manifest']),
      expected: z.string(),
      found: z.string(),
    }),
  ),
});
export type Verification = z.infer<typeof verificationSchema>;

export const exportRequestSchema = z.object({
  variant: referenceSchema,
  /** Absolute; it must not exist, or be empty. */
  folder: z.string().min(1),
  /** Clean pictures are copied into the folder, or the file names them where they are. */
  cleanPictures: z.enum(['copy', 'reference']).default('reference'),
  /** How the file names pictures in the folder; open_clip reads relative ones from the folder that it is started in. */
  paths: z.enum(['relative', 'absolute']).default('relative'),
  imageColumn: z.string().min(1).default('image'),
  captionColumn: z.string().min(1).default('caption'),
  separator: z.enum([',', '\t']).default(','),
});
export type ExportRequest = z.input<typeof exportRequestSchema>;

export const variantsApi = {
  list: oc.output(z.array(variantViewSchema)),
  get: oc.input(z.object({ variant: referenceSchema })).output(variantViewSchema),
  /** `part`: which of the request's parts is looked at. */
  preview: oc
    .input(variantRequestSchema.extend({ part: z.number().int().min(0).default(0) }))
    .output(variantPreviewSchema),
  /** Makes one as a job; its result is {kind: 'variant', id}. */
  create: oc.input(variantRequestSchema).output(z.object({ jobId: z.string() })),
  /** Changed records, clean beside poisoned. */
  page: oc
    .input(
      z.object({
        variant: referenceSchema,
        /** Searched in the new captions. */
        text: z.string().max(1000).default(''),
        /** Only what this part of the recipe changed. */
        part: z.number().int().min(0).optional(),
        /** null stands for records without a label; none: all. */
        labels: z.array(z.string().nullable()).default([]),
        offset: z.number().int().min(0),
        limit: z.number().int().min(1).max(500),
      }),
    )
    .output(
      z.object({
        total: z.number().int(),
        rows: z.array(
          z.object({
            recordId: z.number().int(),
            key: z.string(),
            label: z.string().nullable(),
            oldCaption: z.string(),
            newCaption: z.string(),
            renderedSha256: z.string(),
            part: z.number().int(),
            clean: mediaSchema,
            poisoned: mediaSchema,
          }),
        ),
      }),
    ),
  /** Renders every changed record again as a job; then ask for `verification`. */
  verify: oc.input(z.object({ variant: referenceSchema })).output(z.object({ jobId: z.string() })),
  /** What the last verify of this host found; null where there was none. */
  verification: oc.input(z.object({ variant: referenceSchema })).output(verificationSchema.nullable()),
  /** Writes a folder that the reference implementation and open_clip read, as a job; its result is {kind: 'export', id: folder}. */
  export: oc.input(exportRequestSchema).output(z.object({ jobId: z.string() })),
  /** Reads an exported folder back as a job, into a dataset or, left out, with the dataset of the folder. */
  import: oc
    .input(
      z.object({
        folder: z.string().min(1),
        dataset: referenceSchema.optional(),
        name: z.string().min(1).max(200).optional(),
      }),
    )
    .output(z.object({ jobId: z.string() })),
  /** `conflict` while runs or evaluations use it. As long as this host lives, `restore` brings it back. */
  remove: oc.input(z.object({ variant: referenceSchema })).output(z.object({ removed: z.boolean() })),
  restore: oc.input(z.object({ variantId: z.string() })).output(variantViewSchema),
};
