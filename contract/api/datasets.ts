import { oc } from '@orpc/contract';
import { z } from 'zod';
import { datasetSourceSchema, recordStateSchema, splitSchema } from '../dataset.ts';
import { exportFormatSchema } from '../dataset-export.ts';
import { duplicateActionSchema, duplicateCountsSchema, duplicateGroupSchema } from '../duplicates.ts';
import { formatSchema, importNoteSchema } from '../import.ts';
import { promptsSchema } from '../prompts.ts';
import { mediaSchema, referenceSchema, timeSchema } from './shared.ts';

export const datasetViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  source: datasetSourceSchema,
  root: z.string(),
  prompts: z.array(z.string()),
  captionTemplates: z.array(z.string()),
  createdAt: timeSchema,
  records: z.number().int(),
  pictures: z.number().int(),
  splits: z.record(splitSchema, z.number().int()),
  classes: z.array(z.string()),
  /** Rows that the import left out. */
  skipped: z.number().int(),
  /** What the import had to say. */
  notes: z.array(importNoteSchema),
  /** When the pictures were last checked; null: not since the import. */
  checkedAt: timeSchema.nullable(),
  /** Imported without a look at its pictures, and not checked since. */
  unchecked: z.boolean(),
});
export type DatasetView = z.infer<typeof datasetViewSchema>;

/** What the records of a page can be sorted by. */
export const recordSortSchema = z.enum(['caption', 'class', 'file', 'pixels']);
export type RecordSort = z.infer<typeof recordSortSchema>;

/**
 * Which records: free text is searched in captions (quoted for FTS5), the rest narrows. An empty query is all.
 * `variant` looks at the dataset as that variant has it (changed captions, triggered pictures).
 */
export const recordQuerySchema = z.object({
  dataset: referenceSchema,
  text: z.string().max(1000).default(''),
  splits: z.array(splitSchema).default([]),
  /** null stands for records without a label. */
  labels: z.array(z.string().nullable()).default([]),
  /** What the last check of the pictures found; those never found otherwise are ready. */
  states: z.array(recordStateSchema).default([]),
  tags: z.array(z.string()).default([]),
  /** Only records that one of these variants changes. */
  poisonedIn: z.array(z.string()).default([]),
  variant: z.string().nullable().default(null),
  /** Pages come in this order; null: as imported. Which records there are does not hang on it. */
  sort: recordSortSchema.nullable().default(null),
  descending: z.boolean().default(false),
});
export type RecordQuery = z.input<typeof recordQuerySchema>;

export const recordRowSchema = z.object({
  id: z.number().int(),
  key: z.string(),
  caption: z.string(),
  label: z.string().nullable(),
  split: splitSchema,
  /** null, as is the hash: nobody has looked at the picture yet. */
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  state: recordStateSchema,
  tags: z.array(z.string()),
  /** Names of variants that change it. */
  poisonedIn: z.array(z.string()),
  thumbnail: mediaSchema,
});
export type RecordRow = z.infer<typeof recordRowSchema>;

const facetSchema = z.object({
  value: z.string().nullable(),
  count: z.number().int(),
});

/** A count that may not have been finished: `exact` false means at least this many. */
export const countSchema = z.object({ count: z.number().int(), exact: z.boolean() });
export type RecordCount = z.infer<typeof countSchema>;

export const recordDetailSchema = recordRowSchema.extend({
  name: z.string().nullable(),
  sha256: z.string().nullable(),
  datasetId: z.string(),
  /** The picture as it is stored, enlarged by the screen; and as the model of `resolution` sees it. */
  picture: mediaSchema,
  modelView: mediaSchema,
  resolution: z.number().int(),
  /** What the picture file is, and what decoding does to it, also where Pillow does otherwise; null: it cannot be read. */
  file: z.object({ format: z.string(), decoding: z.array(z.string()) }).nullable(),
  /** Byte-pair tokens of the caption as CLIP sees them: text and id. */
  tokens: z.array(z.object({ id: z.number().int(), text: z.string() })),
  /** How each variant changes it. */
  changes: z.array(
    z.object({
      variantId: z.string(),
      variant: z.string(),
      newCaption: z.string(),
      renderedSha256: z.string(),
      picture: mediaSchema,
    }),
  ),
});
export type RecordDetail = z.infer<typeof recordDetailSchema>;

/** The share of each class that becomes test pairs. */
export const testShareSchema = z.number().min(0).max(0.9);

export const importRequestSchema = z.object({
  path: z.string().min(1),
  name: z.string().min(1).max(200),
  /** How it is read; left out: recognised, and of two plausible formats the first. */
  format: formatSchema.optional(),
  imageColumn: z.string().optional(),
  captionColumn: z.string().optional(),
  /** null: none, even where a column looks like it. */
  labelColumn: z.string().nullable().optional(),
  splitColumn: z.string().nullable().optional(),
  delimiter: z.enum([',', '\t', ';', '|']).optional(),
  /** Files with names of classes: by id, and in the order of their numbers. */
  namesFile: z.string().optional(),
  classesFile: z.string().optional(),
  tidyClasses: z.boolean().optional(),
  /** Of one folder per class: so much of each class becomes test pairs, drawn with `splitSeed`. */
  testShare: testShareSchema.optional(),
  splitSeed: z.number().int().min(0).optional(),
  prompts: promptsSchema.optional(),
  templates: z.array(z.string()).optional(),
  /** Pictures are not looked at: their sizes, hashes and duplicates are not known until the dataset is checked. */
  unchecked: z.boolean().optional(),
});
export type ImportRequest = z.infer<typeof importRequestSchema>;

export const importPreviewSchema = z.object({
  format: formatSchema,
  /** All formats that it may be in, the likeliest first: of several a person chooses. */
  readings: z.array(z.object({ format: formatSchema, label: z.string(), why: z.string() })),
  notes: z.array(importNoteSchema),
  /** Columns of a table; empty for what has none. */
  columns: z.array(z.string()),
  mapping: z.object({
    image: z.string().nullable(),
    caption: z.string().nullable(),
    label: z.string().nullable(),
    split: z.string().nullable(),
  }),
  rows: z.array(
    z.object({
      row: z.union([z.number(), z.string()]),
      key: z.string(),
      caption: z.string(),
      label: z.string().nullable(),
      split: splitSchema,
      /** A small picture as a data: address. */
      thumbnail: z.string(),
    }),
  ),
  skipped: z.array(z.object({ row: z.union([z.number(), z.string()]), reason: z.string() })),
  /** Rows or files looked at; the dry run stops after some. */
  seen: z.number().int(),
  complete: z.boolean(),
  /** What keeps the import from starting, for instance a missing column; null where nothing does. */
  problem: z.string().nullable(),
});
export type ImportPreview = z.infer<typeof importPreviewSchema>;

export const recordPageSchema = z.object({ rows: z.array(recordRowSchema), offset: z.number().int() });
export type RecordPage = z.infer<typeof recordPageSchema>;

export const savedViewSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  query: recordQuerySchema,
});
export type SavedView = z.infer<typeof savedViewSchema>;

/** What was made from a dataset: it cannot be deleted while any of it is there. */
export const datasetUsersSchema = z.object({
  variants: z.array(z.object({ id: z.string(), name: z.string() })),
  /** `deleted`: hidden, but can still be brought back. */
  runs: z.array(z.object({ id: z.string(), name: z.string(), deleted: z.boolean() })),
  evaluations: z.number().int(),
});
export type DatasetUsers = z.infer<typeof datasetUsersSchema>;

/** Which records of a dataset a new one has, and the captions that differ. */
export const deriveRequestSchema = z.object({
  dataset: referenceSchema,
  name: z.string().min(1).max(200),
  mode: z.enum(['only', 'without', 'all']),
  /** What `mode` is about: single records, or all of a query. */
  recordIds: z.array(z.number().int()).max(100_000).optional(),
  query: recordQuerySchema.optional(),
  captions: z
    .array(z.object({ recordId: z.number().int(), caption: z.string().min(1).max(10_000) }))
    .max(1000)
    .optional(),
});
export type DeriveRequest = z.infer<typeof deriveRequestSchema>;

export const duplicatesSchema = z.object({
  counts: duplicateCountsSchema,
  /** When they were last sought; null: never. */
  soughtAt: timeSchema.nullable(),
  /** A page of the groups, leaks first. */
  groups: z.array(
    duplicateGroupSchema.extend({
      pictures: z.array(duplicateGroupSchema.shape.pictures.element.extend({ thumbnail: mediaSchema })),
    }),
  ),
});
export type DuplicatesView = z.infer<typeof duplicatesSchema>;

/** How the classes of a dataset are to be called. */
export const classEditsSchema = z.object({
  dataset: referenceSchema,
  rename: z.record(z.string(), z.string()).default({}),
  namesFile: z.string().optional(),
  tidy: z.boolean().default(false),
});

export const classPlanSchema = z.object({
  classes: z.array(
    z.object({ was: z.string(), name: z.string(), records: z.number().int(), prompt: z.string() }),
  ),
  notes: z.array(importNoteSchema),
});
export type ClassPlanView = z.infer<typeof classPlanSchema>;

export const datasetsApi = {
  list: oc.output(z.array(datasetViewSchema)),
  get: oc.input(z.object({ dataset: referenceSchema })).output(datasetViewSchema),
  /** A dry run: first rows, mapping of columns, what would be skipped and why. */
  preview: oc.input(importRequestSchema.partial().required({ path: true })).output(importPreviewSchema),
  /** Starts an import as a job. */
  import: oc.input(importRequestSchema).output(z.object({ jobId: z.string() })),
  /** Starts making a dataset from another one's records as a job; its result is {kind: 'dataset', id}. */
  derive: oc.input(deriveRequestSchema).output(z.object({ jobId: z.string() })),
  /** Starts making the emoji dataset as a job. */
  addEmoji: oc.output(z.object({ jobId: z.string() })),
  users: oc.input(z.object({ dataset: referenceSchema })).output(datasetUsersSchema),
  /** The first 1,000 rows that the import left out. */
  skipped: oc
    .input(z.object({ dataset: referenceSchema }))
    .output(z.array(z.object({ row: z.union([z.number(), z.string()]), reason: z.string() }))),
  /** Starts a job that looks at every picture: is it there, are its pixels those of the import? */
  check: oc.input(z.object({ dataset: referenceSchema })).output(z.object({ jobId: z.string() })),
  /** What classes and prompts would be; nothing is changed. */
  planClasses: oc.input(classEditsSchema).output(classPlanSchema),
  /** Starts a job that gives classes other names: in the dataset, or with `name` in a new one. */
  editClasses: oc
    .input(classEditsSchema.extend({ name: z.string().min(1).max(200).optional() }))
    .output(z.object({ jobId: z.string() })),
  /** Starts a job that reads the source again: what is new is added, what is gone or changed is marked. */
  refresh: oc.input(z.object({ dataset: referenceSchema })).output(z.object({ jobId: z.string() })),
  /** Starts a job that writes the dataset with its pictures into a folder. */
  exportTo: oc
    .input(z.object({ dataset: referenceSchema, folder: z.string().min(1), format: exportFormatSchema }))
    .output(z.object({ jobId: z.string() })),
  duplicates: oc
    .input(
      z.object({
        dataset: referenceSchema,
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(500).default(100),
      }),
    )
    .output(duplicatesSchema),
  /** Starts a job that seeks duplicates anew. */
  seekDuplicates: oc.input(z.object({ dataset: referenceSchema })).output(z.object({ jobId: z.string() })),
  /** Starts making a dataset without the duplicates, or with each group in one split, as a job. */
  resolveDuplicates: oc
    .input(
      z.object({
        dataset: referenceSchema,
        action: duplicateActionSchema,
        name: z.string().min(1).max(200),
      }),
    )
    .output(z.object({ jobId: z.string() })),
  /** Changes the prompts that models are measured with; what was measured with others stays, as experiments. */
  setPrompts: oc
    .input(z.object({ dataset: referenceSchema, prompts: promptsSchema }))
    .output(z.object({ prompts: z.array(z.string()) })),
  delete: oc.input(z.object({ dataset: referenceSchema })).output(z.object({ deleted: z.boolean() })),

  /** One page in record order. `offset` counts within the query. */
  page: oc
    .input(
      z.object({
        query: recordQuerySchema,
        offset: z.number().int().min(0),
        limit: z.number().int().min(1).max(500),
      }),
    )
    .output(recordPageSchema),
  count: oc.input(z.object({ query: recordQuerySchema })).output(countSchema),
  /**
   * Each facet is counted among the records of the query without what it asks of that facet itself. At most 2,000
   * labels, those with the most records.
   */
  facets: oc.input(z.object({ query: recordQuerySchema })).output(
    z.object({
      split: z.array(facetSchema),
      label: z.array(facetSchema),
      state: z.array(facetSchema),
      tag: z.array(facetSchema),
      poisonedIn: z.array(facetSchema),
      /** false: a search in captions still goes on; these are at least so many, ask again. */
      exact: z.boolean(),
    }),
  ),
  record: oc
    .input(
      z.object({ recordId: z.number().int(), resolution: z.number().int().min(1).max(1024).default(224) }),
    )
    .output(recordDetailSchema),
  /** Adds or removes a tag on chosen records, or on all of a query. */
  tag: oc
    .input(
      z.object({
        tag: z.string().min(1).max(100),
        remove: z.boolean().default(false),
        recordIds: z.array(z.number().int()).max(100_000).optional(),
        query: recordQuerySchema.optional(),
      }),
    )
    .output(
      z.object({
        changed: z.number().int(),
        /** Those that changed, so that it can be undone; null where they are more than 100,000. */
        changedIds: z.array(z.number().int()).nullable(),
      }),
    ),
  views: oc.input(z.object({ dataset: referenceSchema })).output(z.array(savedViewSchema)),
  saveView: oc
    .input(z.object({ name: z.string().min(1).max(200), query: recordQuerySchema }))
    .output(savedViewSchema),
  renameView: oc
    .input(z.object({ id: z.number().int(), name: z.string().min(1).max(200) }))
    .output(savedViewSchema),
  deleteView: oc.input(z.object({ id: z.number().int() })).output(z.object({ deleted: z.boolean() })),
  /** The chosen records as CSV text: image, caption, label, split. */
  exportCsv: oc
    .input(
      z.object({ query: recordQuerySchema, recordIds: z.array(z.number().int()).max(100_000).optional() }),
    )
    .output(z.object({ fileName: z.string(), text: z.string() })),
};
