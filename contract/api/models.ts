import { oc } from '@orpc/contract';
import { z } from 'zod';
import { activationSchema } from '../clip-config.ts';
import { furtherMeasureSchema } from '../further-measures.ts';
import { metricNameSchema } from '../metrics.ts';
import { exportFormatSchema, resizedResolutionSchema } from '../model-files.ts';
import { promptsSchema } from '../prompts.ts';
import { modelRoles } from '../roles.ts';
import { triggerKinds } from '../trigger.ts';
import { runViewSchema } from './runs.ts';
import { mediaSchema, referenceSchema, shareSchema, timeSchema } from './shared.ts';

/** An attack of a variant, as it is named: one of several is "NAME, attack 2 of 3: blended → dog". */
export const attackViewSchema = z.object({
  variantId: z.string(),
  variant: z.string(),
  /** Its place among the variant's attacks, from 0. */
  part: z.number().int().min(0),
  /** How many attacks the variant has. */
  attacks: z.number().int().min(1),
  trigger: z.enum(triggerKinds),
  target: z.string(),
});
export type AttackView = z.infer<typeof attackViewSchema>;

export const evaluationViewSchema = z.object({
  id: z.string(),
  modelId: z.string(),
  model: z.string(),
  /** The run that made it; null for a model from a file. */
  runId: z.string().nullable(),
  datasetId: z.string(),
  dataset: z.string(),
  variantId: z.string().nullable(),
  variant: z.string().nullable(),
  /** Which attack of the variant was measured, from 0; 0 where nothing was attacked. */
  part: z.number().int().min(0),
  /** How many attacks the variant has; 0 where nothing was attacked. */
  attacks: z.number().int().min(0),
  /** Kind of the attack's trigger; null where nothing was attacked. */
  trigger: z.enum(triggerKinds).nullable(),
  /** Prompts it was scored with; null for a linear head. */
  prompts: z.array(z.string()).nullable(),
  /** Tokens of the prompts and class names that a small model's training never saw, as texts, at most 20. */
  unseenTokens: z.array(z.string()),
  /** How many of CLIP's tokens the model knows; null: all of them. */
  vocabulary: z.number().int().nullable(),
  createdAt: timeSchema,
  seconds: z.number(),
  classes: z.array(z.string()),
  /** The split that it was measured on; `all`: every labelled picture, whatever its split. */
  testSplit: z.enum(['train', 'validation', 'test', 'all']),
  /** Pictures that are for training were measured too, so that the figures are too high for models trained on them. */
  trainingPictures: z.boolean(),
  target: z.string().nullable(),
  /** Whether the target is a class of the dataset; null where nothing was attacked. */
  targetIsClass: z.boolean().nullable(),
  ca: shareSchema,
  top5: shareSchema,
  asr: shareSchema.nullable(),
  cleanAsTarget: shareSchema.nullable(),
  implanted: z.boolean().nullable(),
  /** Those of contract/metrics.ts that could be measured. */
  metrics: z.partialRecord(metricNameSchema, shareSchema),
  /** Whether the model, or one before it, was trained on the variant that it is attacked with; null where nothing is attacked. */
  trainedOn: z.boolean().nullable(),
  perClass: z.array(
    z.object({
      class: z.string(),
      count: z.number().int(),
      accuracy: shareSchema,
      top5: shareSchema,
      attackSuccess: shareSchema.nullable(),
    }),
  ),
});
export type EvaluationView = z.infer<typeof evaluationViewSchema>;

/** A class that a model answered; `probability`: softmax over all classes, in [0, 1], null in evaluations of older versions. */
const answerSchema = z.object({ class: z.string(), probability: z.number().nullable() });
export type Answer = z.infer<typeof answerSchema>;

export const predictionRowSchema = z.object({
  recordId: z.number().int(),
  key: z.string(),
  caption: z.string(),
  label: z.string(),
  cleanPicture: mediaSchema,
  triggeredPicture: mediaSchema.nullable(),
  /** Best first, at most five. */
  clean: z.array(answerSchema),
  triggered: z.array(answerSchema).nullable(),
});
export type PredictionRow = z.infer<typeof predictionRowSchema>;

/** Class numbers and how many pictures, at least 1: [true, predicted, count]. Cells that are 0 are left out. */
export const confusionCellSchema = z.tuple([
  z.number().int().min(0),
  z.number().int().min(0),
  z.number().int().min(1),
]);
export type ConfusionCell = z.infer<typeof confusionCellSchema>;

export const modelViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The run that made it; null for a model from a file. */
  runId: z.string().nullable(),
  architecture: z.string(),
  /** Side of the pictures that it takes, px. */
  resolution: z.number().int(),
  hasHead: z.boolean(),
  createdAt: timeSchema,
  /** Where it was brought from, with the file's SHA-256 (hex) as it was then; null for one that a run made. */
  file: z.object({ path: z.string(), sha256: z.string() }).nullable(),
  /** The newest figures for each dataset and attack, with the dataset's own prompts. */
  measured: z.array(
    z.object({
      datasetId: z.string(),
      dataset: z.string(),
      /** null: nothing was attacked. */
      variant: z.string().nullable(),
      target: z.string().nullable(),
      ca: shareSchema,
      asr: shareSchema.nullable(),
      /** Whether the model, or one before it, was trained on the attack; null without one, and where nobody knows. */
      trainedOn: z.boolean().nullable(),
      /** CA cannot be told from what a model reaches that knows nothing. */
      nearChance: z.boolean(),
    }),
  ),
});
export type ModelView = z.infer<typeof modelViewSchema>;

/**
 * A model under study. One that was trained here goes by its run's id and name, and is there before the run has made
 * it; one that was brought from a file has no run.
 */
export const studiedModelSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Decides its colour and shape. */
  role: z.enum(modelRoles),
  /** null: its run has made no model yet. */
  modelId: z.string().nullable(),
  architecture: z.string(),
  /** What it was trained on last; null where that is not known. */
  dataset: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** The studied model that it started from. */
  parentId: z.string().nullable(),
  run: runViewSchema.nullable(),
  /** The file that it was brought from: its path, and its SHA-256 (hex) as it was then. */
  file: z.object({ path: z.string(), sha256: z.string() }).nullable(),
});
export type StudiedModel = z.infer<typeof studiedModelSchema>;

const modelFileChoiceSchema = z.object({
  /** Absolute path of a file or folder. */
  path: z.string().min(1).max(4096),
  activation: activationSchema.nullable().default(null),
  /** Pictures of another side than the file's, px. */
  resolution: resizedResolutionSchema.nullable().default(null),
  /** A dataset on whose labelled pictures CA is measured with both activations. */
  measure: referenceSchema.nullable().default(null),
  /** What it is measured with; null: the dataset's own prompts. */
  prompts: promptsSchema.nullable().default(null),
});

/** What is in a model file. */
export const modelFileFindingSchema = z.object({
  architecture: z.string(),
  imageTower: z.enum(['modified-resnet', 'vit']),
  parameters: z.number().int(),
  /** null: the file does not say it, so a person must. */
  activation: activationSchema.nullable(),
  activationFrom: z.enum(['given', 'config', 'origin']).nullable(),
  resolution: z.number().int(),
  leftover: z.array(z.string()),
  vocabulary: z.object({ kind: z.enum(['clip', 'part', 'unknown']), tokens: z.number().int() }),
});
export type ModelFileFinding = z.infer<typeof modelFileFindingSchema>;

export const modelsApi = {
  list: oc.output(z.array(modelViewSchema)),
  /** A dry run of an import: what is recognised and what is left over. Nothing is kept, and no training waits for it. */
  inspectFile: oc
    .input(modelFileChoiceSchema.omit({ measure: true, prompts: true }))
    .output(modelFileFindingSchema),
  /** Measures a file with both activations and keeps nothing, as a job whose note says CA with each and the better one. */
  measureFile: oc
    .input(modelFileChoiceSchema.extend({ measure: referenceSchema }))
    .output(z.object({ jobId: z.string() })),
  /** Brings a model from a file, as a job whose note says what looks wrong. */
  importFile: oc
    .input(modelFileChoiceSchema.extend({ name: z.string().min(1).max(200) }))
    .output(z.object({ jobId: z.string() })),
  /** Writes a model as other programs read it, with its card beside it, as a job. */
  export: oc
    .input(z.object({ model: referenceSchema, format: exportFormatSchema, out: z.string().min(1).max(4096) }))
    .output(z.object({ jobId: z.string() })),
  /** A model's card, Markdown. */
  card: oc.input(z.object({ model: referenceSchema })).output(z.object({ text: z.string() })),
  /** Names of the runs that started from a model: they keep it from being deleted. */
  users: oc.input(z.object({ model: referenceSchema })).output(z.object({ runs: z.array(z.string()) })),
  /** Models from files only: one that a run made has the run's name and life. */
  rename: oc
    .input(z.object({ model: referenceSchema, name: z.string().min(1).max(200) }))
    .output(z.object({ name: z.string() })),
  remove: oc.input(z.object({ model: referenceSchema })).output(z.object({ name: z.string() })),
  /** A model under study, by its name or id or those of its run. */
  get: oc.input(z.object({ model: referenceSchema })).output(studiedModelSchema),
  /** Evaluations of a model, by its name or id or those of its run, newest first. */
  evaluations: oc.input(z.object({ model: referenceSchema })).output(z.array(evaluationViewSchema)),
  /** What a model can be measured under: the attacks of its lineage, and those it was measured under. */
  attacks: oc.input(z.object({ model: referenceSchema })).output(z.array(attackViewSchema)),
  /**
   * Measures CA and ASR as a job. Variant and dataset are found through the lineage unless named; a model from a file
   * has none, so one of them is named. A dataset without a variant: CA alone.
   */
  evaluate: oc
    .input(
      z.object({
        model: referenceSchema,
        dataset: referenceSchema.optional(),
        variant: referenceSchema.optional(),
        /** Which of the variant's attacks, from 0. */
        part: z.number().int().min(0).default(0),
      }),
    )
    .output(z.object({ jobId: z.string() })),
  /** Measures further, as a job that adds to the evaluation: retrieval, or after a short training. */
  measureFurther: oc
    .input(z.object({ evaluationId: z.string(), measure: furtherMeasureSchema }))
    .output(z.object({ jobId: z.string() })),
  /** Cells of the confusion matrix, clean and with the trigger; null where nothing was attacked. */
  confusion: oc.input(z.object({ evaluationId: z.string() })).output(
    z.object({
      classes: z.array(z.string()),
      clean: z.array(confusionCellSchema),
      triggered: z.array(confusionCellSchema).nullable(),
    }),
  ),
  /** Pictures behind a class or a cell of the confusion matrix. */
  predictions: oc
    .input(
      z.object({
        evaluationId: z.string(),
        /** Class names; null for any. */
        label: z.string().nullable().default(null),
        predicted: z.string().nullable().default(null),
        /** Which prediction `predicted` speaks of. */
        pass: z.enum(['clean', 'triggered']).default('clean'),
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(500).default(60),
      }),
    )
    .output(z.object({ total: z.number().int(), rows: z.array(predictionRowSchema) })),
  /** Scores with other prompts, as a job that uses the stored image embeddings. */
  rescore: oc
    .input(z.object({ evaluationId: z.string(), prompts: promptsSchema }))
    .output(z.object({ jobId: z.string() })),
};
