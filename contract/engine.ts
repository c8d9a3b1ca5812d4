import { z } from 'zod';
import { architectureNames } from './architectures.ts';
import { activationSchema, type ModelSpec, type modelSpecSchema } from './clip-config.ts';
import { detectionSettingsSchema } from './detection.ts';
import type { WireError } from './errors.ts';
import type { EvaluationResult } from './evaluation.ts';
import { exportFormatSchema, type ModelFileReport } from './model-files.ts';
import { patchOptimisingSchema } from './patch-optimising.ts';
import { pictureSourceSchema } from './picture-source.ts';
import { type MetricPoint, type RunEnvironment, runConfigSchema } from './run.ts';
import { type ScanResult, scanSettingsSchema } from './scan.ts';
import { type PatchTrigger, triggerSchema } from './trigger.ts';

/** One line of a records file (JSON lines): what the engine needs of a record. */
export const engineRecordSchema = z.object({
  recordId: z.number().int(),
  /** The picture's key: triggers draw by it. Records that share a picture have one. */
  key: z.string(),
  /** Where the picture is; its path is absolute. */
  image: pictureSourceSchema,
  caption: z.string(),
  label: z.string().nullable(),
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
const checkpointFolder = z.string();

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

export const evaluateJobSchema = z.object({
  kind: z.literal('evaluate'),
  model: checkpointFolder,
  recordsFile: z.string(),
  attack: attackSchema.nullable(),
  classes: z.array(z.string()),
  prompts: z.array(z.string()),
  batchSize: z.number().int().positive(),
  /** Where the image embeddings are kept for a rescore job; null keeps none, and a linear head has none. */
  embeddingsFile: z.string().nullable(),
});
export type EvaluateJob = z.infer<typeof evaluateJobSchema>;

/** Ranks the pictures of an earlier evaluation by other prompts: the image tower is not run. */
export const rescoreJobSchema = z.object({
  kind: z.literal('rescore'),
  model: checkpointFolder,
  /** The records of the evaluation that kept the embeddings, in their order. */
  recordsFile: z.string(),
  embeddingsFile: z.string(),
  /** The class that the attacker wants; null where nothing was attacked. */
  target: z.string().nullable(),
  classes: z.array(z.string()),
  prompts: z.array(z.string()),
  batchSize: z.number().int().positive(),
});
export type RescoreJob = z.infer<typeof rescoreJobSchema>;

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

/** Embeds pictures and finds those nearest to the prompts of a class, or farthest. */
export const similarityJobSchema = z.object({
  kind: z.literal('similarity'),
  model: checkpointFolder,
  recordsFile: z.string(),
  target: z.string(),
  prompts: z.array(z.string()).min(1),
  batchSize: z.number().int().positive(),
  order: z.enum(['nearest', 'farthest']),
  /** How many to tell. */
  count: z.number().int().positive(),
});
export type SimilarityJob = z.infer<typeof similarityJobSchema>;

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

/** Retrieval among test pictures and captions, clean and under an attack. */
export const retrievalJobSchema = z.object({
  kind: z.literal('retrieval'),
  model: checkpointFolder,
  recordsFile: z.string(),
  attack: attackSchema.nullable(),
  batchSize: z.number().int().positive(),
});
export type RetrievalJob = z.infer<typeof retrievalJobSchema>;

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

/** Reads a model file and, with an output folder, writes it as a checkpoint folder. */
export const importModelJobSchema = z.object({
  kind: z.literal('import-model'),
  /** Absolute path of a file or folder. */
  path: z.string(),
  activation: activationSchema.nullable(),
  /** Pictures of another side than the file's, px; null: as the file has it. */
  resolution: z.number().int().positive().nullable(),
  /** null: only look. */
  outputFolder: checkpointFolder.nullable(),
});
export type ImportModelJob = z.infer<typeof importModelJobSchema>;

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

/** Embeds pictures and captions into one safetensors file. */
export const embedJobSchema = z.object({
  kind: z.literal('embed'),
  model: checkpointFolder,
  recordsFile: z.string(),
  batchSize: z.number().int().positive(),
  /** Rows of length 1 instead of raw ones. */
  unitLength: z.boolean(),
  /** Absolute path of the safetensors file. */
  out: z.string(),
});
export type EmbedJob = z.infer<typeof embedJobSchema>;

export const parityJobSchema = z.object({ kind: z.literal('parity'), fixtures: z.string() });
export type ParityJob = z.infer<typeof parityJobSchema>;

/** What `bench step` measures. */
export const benchedMethods = ['mmcl', 'cleanclip'] as const;
export type BenchedMethod = (typeof benchedMethods)[number];

export const benchStepJobSchema = z.object({
  kind: z.literal('bench-step'),
  model: z.enum(architectureNames),
  method: z.enum(benchedMethods),
  /** Python with torch and open_clip; null leaves PyTorch out. */
  python: z.string().nullable(),
  batchSize: z.number().int().positive(),
  /** Pairs that go through the towers at once; null for the whole batch. */
  partSize: z.number().int().positive().nullable(),
  repetitions: z.number().int().positive(),
});
export type BenchStepJob = z.infer<typeof benchStepJobSchema>;

/** CA and ASR on JPEG files, in turn with PyTorch: see main/engine/bench/bench-evaluate-job.ts. */
export const benchEvaluateJobSchema = z.object({
  kind: z.literal('bench-evaluate'),
  model: z.enum(architectureNames),
  /** JPEG files at the model's resolution. */
  pictures: z.number().int().positive(),
  batchSize: z.number().int().positive(),
  repetitions: z.number().int().positive(),
  /** Python with torch, torchvision, Pillow and open_clip; null leaves PyTorch out. */
  python: z.string().nullable(),
});
export type BenchEvaluateJob = z.infer<typeof benchEvaluateJobSchema>;

export const engineJobSchema = z.discriminatedUnion('kind', [
  trainJobSchema,
  evaluateJobSchema,
  rescoreJobSchema,
  reactJobSchema,
  similarityJobSchema,
  optimisePatchJobSchema,
  detectJobSchema,
  scanJobSchema,
  retrievalJobSchema,
  importModelJobSchema,
  exportModelJobSchema,
  embedJobSchema,
  parityJobSchema,
  benchStepJobSchema,
  benchEvaluateJobSchema,
]);
export type EngineJob = z.infer<typeof engineJobSchema>;

export const toEngineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), jobId: z.string(), job: engineJobSchema }),
  /** Stop at the next step; a training job writes a checkpoint first. */
  z.object({ type: z.literal('stop'), jobId: z.string() }),
]);
export type ToEngine = z.infer<typeof toEngineSchema>;

export interface TrainResult {
  spec: z.infer<typeof modelSpecSchema>;
  /** Loss of the last step; null where a resumed run had none left to do. */
  finalLoss: number | null;
  seconds: number;
  weightsSha256: string;
  resumedFromStep: number | null;
}

export interface EvaluateReport {
  evaluation: EvaluationResult;
  /** SHA-256 (hex) of the embeddings' file; null where none was kept. */
  embeddingsSha256: string | null;
}

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

export interface SimilarityReport {
  /** The first `count` in the order asked for; equal ones by their keys. */
  recordIds: number[];
  /** Their cosine similarities to the target, in [-1, 1]. */
  similarities: number[];
}

export interface OptimisePatchReport {
  trigger: PatchTrigger;
  /** Mean cosine to the target's text, over the pictures that are not of the target: without a patch, with it as it began, with it as it is kept. */
  similarity: { clean: number; start: number; end: number };
  /** Pictures it was laid on, and real pictures of the target. */
  pictures: number;
  targetPictures: number;
}

export interface RetrievalReport {
  /** Those of contract/metrics.ts that could be measured. */
  metrics: EvaluationResult['metrics'];
}

export interface DetectReport {
  /** One for each pair, in the order of the records. */
  scores: number[];
}

export interface ImportModelReport extends ModelFileReport {
  spec: ModelSpec;
  /** SHA-256 (hex) of the file, or of all files of a folder, one after the other. */
  sourceSha256: string;
  /** Of the written weights.safetensors; null where nothing was written. */
  weightsSha256: string | null;
}

export interface ParityCheck {
  name: string;
  /** The largest error found, in the unit of `tolerance`. */
  error: number;
  tolerance: number;
  ok: boolean;
  /** Why the check could not be made. */
  message?: string;
}

export interface ParityReport {
  checks: ParityCheck[];
  notCovered: string[];
  ok: boolean;
}

/** One training step of one method: medians in milliseconds, peaks of each side's whole process in bytes. */
export interface StepTimings {
  graphMs: number;
  /** The first step, with all that makes its graph. */
  firstMs: number;
  peakBytes: number;
  pytorchMs: number | null;
  /** The same with PyTorch's other memory layout for pictures. */
  pytorchChannelsLastMs: number | null;
  /** Of the default layout. */
  pytorchPeakBytes: number | null;
}

export interface BenchStepResult {
  timings: StepTimings;
  backend: string;
  torch: string | null;
}

export interface BenchStepReport extends Record<BenchedMethod, StepTimings | null> {
  model: string;
  batchSize: number;
  repetitions: number;
  backend: string;
  torch: string | null;
}

/** CA and ASR of a model, once: medians in milliseconds, peaks of each side's process in bytes. */
export interface BenchEvaluateReport extends Omit<BenchEvaluateJob, 'kind' | 'python'> {
  ms: number;
  peakBytes: number;
  pytorchMs: number | null;
  pytorchPeakBytes: number | null;
  backend: string;
  torch: string | null;
}

export interface JobResults {
  train: TrainResult;
  evaluate: EvaluateReport;
  rescore: EvaluationResult;
  react: ReactReport;
  similarity: SimilarityReport;
  'optimise-patch': OptimisePatchReport;
  detect: DetectReport;
  scan: ScanResult;
  retrieval: RetrievalReport;
  'import-model': ImportModelReport;
  'export-model': { files: string[] };
  embed: { rows: number; dim: number; sha256: string };
  parity: ParityReport;
  'bench-step': BenchStepResult;
  'bench-evaluate': BenchEvaluateReport;
}

export type FromEngine =
  /** Sent once, when the backend is loaded; before any other message. */
  | { type: 'ready'; environment: Omit<RunEnvironment, 'program'>; pid: number }
  /** The backend cannot be loaded: the process ends after this. */
  | { type: 'refused'; error: WireError }
  /** Work done so far out of `total`; `phase` is a few words for the person. */
  | { type: 'progress'; jobId: string; phase: string; done: number; total: number }
  | { type: 'metrics'; jobId: string; step: number; points: MetricPoint[] }
  | {
      type: 'checkpoint';
      jobId: string;
      step: number;
      epoch: number;
      folder: string;
      weightsSha256: string;
    }
  | { type: 'log'; jobId: string; text: string }
  | {
      [K in keyof JobResults]: { type: 'done'; jobId: string; kind: K; result: JobResults[K] };
    }[keyof JobResults]
  /** The job was asked to stop and did; `step` is where its checkpoint is. */
  | { type: 'stopped'; jobId: string; step: number }
  | { type: 'failed'; jobId: string; error: WireError };

/** Environment variable that names the device of an engine process; a person may set it for all programs. */
export const engineDeviceVariable = 'CCW_DEVICE';
