import { oc } from '@orpc/contract';
import { z } from 'zod';
import { methodRoles } from '../methods/method-definition.ts';
import { methodNameSchema } from '../methods/method-registry.ts';
import { runConfigSchema, runEnvironmentSchema, runStates } from '../run.ts';
import { unseenTokensSchema } from '../unseen-tokens.ts';
import { referenceSchema, shareSchema, timeSchema } from './shared.ts';

/** CA and ASR of a run's latest evaluation; of a variant with several attacks, under the first. */
export const scoresSchema = z.object({
  ca: shareSchema,
  asr: shareSchema.nullable(),
  implanted: z.boolean().nullable(),
  /** Training pictures were measured: the figures are too high for models trained on them. */
  trainingPictures: z.boolean(),
  /** Whether the model, or one before it, was trained on the attack; null without one, and where nobody knows. */
  trainedOn: z.boolean().nullable(),
});

export const runViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(runStates),
  step: z.number().int(),
  totalSteps: z.number().int(),
  config: runConfigSchema,
  /** Of what it trains. */
  architecture: z.string(),
  /** Records that its selection leaves out because its start model was poisoned with them. */
  leftOut: z.number().int(),
  datasetId: z.string(),
  dataset: z.string(),
  variantId: z.string().nullable(),
  variant: z.string().nullable(),
  parentModelId: z.string().nullable(),
  /** The model that it started from; no run made one that was brought from a file. */
  parent: z.object({ name: z.string(), modelId: z.string(), runId: z.string().nullable() }).nullable(),
  modelId: z.string().nullable(),
  environment: runEnvironmentSchema.nullable(),
  message: z.string().nullable(),
  note: z.string(),
  archived: z.boolean(),
  createdAt: timeSchema,
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  seconds: z.number(),
  scores: scoresSchema.nullable(),
  /** Whether CA and ASR are measured after each epoch. */
  evaluateEachEpoch: z.boolean(),
  /** Whether it is measured when it is done, under every attack that it was trained on. */
  measureAtEnd: z.boolean(),
  /** Losses thinned to at most 60 points, for a sparkline. */
  lossPreview: z.array(z.number()),
  /** Place in the queue, counted from 1; null where it does not wait. */
  queuePlace: z.number().int().nullable(),
});
export type RunView = z.infer<typeof runViewSchema>;

/** A run as it is asked for: in its configuration, names may stand for the ids of data and start model. */
export const runRequestSchema = z.object({
  name: z.string().min(1).max(200).optional(),
  config: runConfigSchema,
  /** Measure CA and ASR after each epoch too; left out where the dataset has no labelled pictures. */
  evaluateEachEpoch: z.boolean().default(false),
  /** Measure it when it is done, under every attack; left out where the dataset has no labelled pictures. */
  measureAtEnd: z.boolean().default(true),
});
export type RunRequest = z.input<typeof runRequestSchema>;

/** A word that a person gives runs: no spaces, so that a filter names it. */
export const tagSchema = z.string().regex(/^[^\s,"]{1,60}$/, 'a tag is one word without commas and quotes');

/** One setting of a method's form, generated from its schema. */
export const parameterSchema = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string(),
  kind: z.enum(['integer', 'number', 'choice', 'boolean']),
  min: z.number().nullable(),
  max: z.number().nullable(),
  step: z.number().nullable(),
  choices: z.array(z.string()),
});
export type Parameter = z.infer<typeof parameterSchema>;

export const methodSchema = z.object({
  name: methodNameSchema,
  label: z.string(),
  /** One sentence. */
  summary: z.string(),
  source: z.string(),
  role: z.enum(methodRoles),
  needs: z.object({
    labels: z.boolean(),
    pairs: z.boolean(),
    views: z.boolean(),
    head: z.boolean(),
    startModel: z.boolean(),
    knownPoison: z.boolean(),
    imageTowers: z.array(z.string()).nullable(),
  }),
  parameters: z.array(parameterSchema),
  presets: z.array(
    z.object({
      name: z.string(),
      start: z.enum(['scratch', 'model']),
      fraction: z.number(),
      settings: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
      source: z.string(),
    }),
  ),
});
export type Method = z.infer<typeof methodSchema>;

export const estimateSchema = z.object({
  totalSteps: z.number().int(),
  records: z.number().int(),
  /** Records that are left out because the start model was poisoned with them. */
  leftOut: z.number().int(),
  /** From the latest runs on this machine; null where nothing like it ran yet. */
  seconds: z.number().nullable(),
  memoryBytes: z.number(),
  /** What measuring after each epoch takes: labelled pictures (0: it cannot be measured), and s of a run (null: not known). */
  measuring: z.object({ pictures: z.number().int(), seconds: z.number().nullable() }),
  /** What the start model will not understand of the data; null for one with all of CLIP's tokens, and from scratch. */
  unseen: z.object({ captions: unseenTokensSchema, prompts: unseenTokensSchema }).nullable(),
  /** Where the seconds come from, in words. */
  basis: z.string(),
  /** What keeps the run from starting; null where nothing does. */
  problem: z.string().nullable(),
});

export const seriesSchema = z.object({
  name: z.string(),
  steps: z.array(z.number()),
  values: z.array(z.number()),
});
export type Series = z.infer<typeof seriesSchema>;

export const runSorts = ['name', 'state', 'data', 'ca', 'asr', 'took', 'when', 'begun'] as const;

export const runPageRequestSchema = z.object({
  archived: z.boolean().default(false),
  /** Held by the name, the dataset's or variant's name, the note or the method; empty for any. */
  text: z.string().max(200).default(''),
  states: z.array(z.enum(runStates)).default([...runStates]),
  sort: z.enum(runSorts).default('begun'),
  descending: z.boolean().default(true),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500).default(100),
});
export type RunPageRequest = z.infer<typeof runPageRequestSchema>;

/** What a cell of the run table holds; shares are in per cent. */
const cellSchema = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);
const rowSchema = z.record(z.string(), cellSchema);
const groupCellSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('same'), value: cellSchema }),
  z.object({
    kind: z.literal('mean'),
    mean: z.number(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    count: z.number().int(),
  }),
  z.object({ kind: z.literal('several'), distinct: z.number().int() }),
]);

export const runTableRequestSchema = z.object({
  /** Conditions as docs/guide.md says; empty: all runs. */
  filter: z.string().max(2000).default(''),
  archived: z.boolean().default(false),
  /** Columns to group by; none: runs as they are. */
  group: z.array(z.string()).max(4).default([]),
  /** Only the runs of this group: column -> value. */
  within: rowSchema.default({}),
  sort: z.object({ column: z.string(), descending: z.boolean() }).nullable().default(null),
  /** Columns that are wanted; left out: all. The id is always there. */
  columns: z.array(z.string()).max(200).optional(),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(10_000).default(100),
});

export const runTableSchema = z.object({
  columns: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      topic: z.enum(['run', 'settings', 'data', 'attack', 'results']),
      unit: z.enum(['percent']).nullable(),
      numeric: z.boolean(),
    }),
  ),
  /** Runs that fit, on all pages. */
  total: z.number().int(),
  /** Runs of the page; none where it is grouped. */
  rows: z.array(rowSchema),
  /** How many groups there are on all pages, and those of the page. */
  groupTotal: z.number().int(),
  groups: z.array(
    z.object({
      by: rowSchema,
      count: z.number().int(),
      ids: z.array(z.string()),
      cells: z.record(z.string(), groupCellSchema),
    }),
  ),
});
export type RunTable = z.infer<typeof runTableSchema>;

export const runsApi = {
  /** Runs with their settings, data, attack and results as columns: filtered, sorted, grouped. */
  table: oc.input(runTableRequestSchema).output(runTableSchema),
  /** Gives runs tags, and takes tags from them. */
  tag: oc
    .input(
      z.object({
        runs: z.array(referenceSchema).min(1).max(10_000),
        add: z.array(tagSchema).default([]),
        remove: z.array(tagSchema).default([]),
      }),
    )
    .output(z.object({ tagged: z.number().int() })),
  /** Newest first; the newest `limit` where it is given. */
  list: oc
    .input(
      z.object({
        archived: z.boolean().default(false),
        limit: z.number().int().min(1).max(10_000).optional(),
      }),
    )
    .output(z.array(runViewSchema)),
  /** One page of the list of runs, found and sorted by the database. */
  page: oc.input(runPageRequestSchema).output(
    z.object({
      /** Runs that fit, and all that are (or are not) archived. */
      total: z.number().int(),
      all: z.number().int(),
      rows: z.array(runViewSchema),
      /** Runs that wait, in their order. */
      waiting: z.array(runViewSchema),
    }),
  ),
  get: oc.input(z.object({ run: referenceSchema })).output(runViewSchema),
  methods: oc.output(
    z.object({
      methods: z.array(methodSchema),
      /** Fields of the selection and the seed, which every method has. */
      selection: z.array(parameterSchema),
      seed: parameterSchema,
      architectures: z.array(z.string()),
    }),
  ),
  estimate: oc.input(runRequestSchema).output(estimateSchema),
  /** Puts a run at the end of the queue. */
  create: oc.input(runRequestSchema).output(z.object({ runId: z.string() })),
  /** Stops it at the next step, with a checkpoint; or takes it out of the queue. */
  stop: oc.input(z.object({ run: referenceSchema })).output(z.object({ stopped: z.boolean() })),
  resume: oc.input(z.object({ run: referenceSchema })).output(z.object({ queued: z.boolean() })),
  /** Moves a waiting run to a place in the queue, counted from 1. */
  move: oc
    .input(z.object({ run: referenceSchema, place: z.number().int().min(1) }))
    .output(z.object({ place: z.number().int() })),
  rename: oc
    .input(z.object({ run: referenceSchema, name: z.string().min(1).max(200) }))
    .output(z.object({ name: z.string() })),
  note: oc
    .input(z.object({ run: referenceSchema, note: z.string().max(20_000) }))
    .output(z.object({ note: z.string() })),
  archive: oc
    .input(z.object({ run: referenceSchema, archived: z.boolean() }))
    .output(z.object({ archived: z.boolean() })),
  /** Hides it at once; its rows and files go when the undo's time is over (30 s) or the host ends. */
  delete: oc.input(z.object({ run: referenceSchema })).output(z.object({ undoToken: z.string() })),
  undoDelete: oc.input(z.object({ undoToken: z.string() })).output(z.object({ runId: z.string() })),
  /** Series of metrics, each thinned to at most `points` (minimum and maximum of each stretch kept). */
  metrics: oc
    .input(
      z.object({
        run: referenceSchema,
        names: z.array(z.string()).optional(),
        points: z.number().int().min(10).max(20_000).default(2000),
      }),
    )
    .output(z.array(seriesSchema)),
  /** The last lines of the run's log. */
  log: oc
    .input(z.object({ run: referenceSchema, lines: z.number().int().min(1).max(5000).default(500) }))
    .output(z.array(z.object({ time: timeSchema, text: z.string() }))),
};
