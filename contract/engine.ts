import { z } from 'zod';
import {
  type BenchEvaluateReport,
  type BenchStepResult,
  benchEvaluateJobSchema,
  benchStepJobSchema,
  type ParityReport,
  parityJobSchema,
} from './engine/check-jobs.ts';
import {
  type EvaluateReport,
  embedJobSchema,
  evaluateJobSchema,
  type RetrievalReport,
  rescoreJobSchema,
  retrievalJobSchema,
  type SimilarityReport,
  similarityJobSchema,
} from './engine/evaluation-jobs.ts';
import {
  exportModelJobSchema,
  type ImportModelReport,
  importModelJobSchema,
} from './engine/model-file-jobs.ts';
import { type ReactReport, reactJobSchema } from './engine/reaction-job.ts';
import { type TrainResult, trainJobSchema } from './engine/train-job.ts';
import {
  type DetectReport,
  detectJobSchema,
  type OptimisePatchReport,
  optimisePatchJobSchema,
  scanJobSchema,
} from './engine/trigger-jobs.ts';
import type { WireError } from './errors.ts';
import type { EvaluationResult } from './evaluation.ts';
import type { MetricPoint, RunEnvironment } from './run.ts';
import type { ScanResult } from './scan.ts';

export {
  type BenchEvaluateJob,
  type BenchEvaluateReport,
  type BenchedMethod,
  type BenchStepJob,
  type BenchStepReport,
  type BenchStepResult,
  benchEvaluateJobSchema,
  benchedMethods,
  benchStepJobSchema,
  type ParityCheck,
  type ParityJob,
  type ParityReport,
  parityJobSchema,
  type StepTimings,
} from './engine/check-jobs.ts';
export {
  type EmbedJob,
  type EvaluateJob,
  type EvaluateReport,
  embedJobSchema,
  evaluateJobSchema,
  type RescoreJob,
  type RetrievalJob,
  type RetrievalReport,
  rescoreJobSchema,
  retrievalJobSchema,
  type SimilarityJob,
  type SimilarityReport,
  similarityJobSchema,
} from './engine/evaluation-jobs.ts';
export {
  type ExportModelJob,
  exportModelJobSchema,
  type ImportModelJob,
  type ImportModelReport,
  importModelJobSchema,
} from './engine/model-file-jobs.ts';
export {
  type ClassScore,
  type PictureView,
  type ReactJob,
  type ReactReport,
  reactJobSchema,
} from './engine/reaction-job.ts';
/** What goes between workbench and engine: jobs (contract/engine/), their results, and the messages around them. */
export {
  type Attack,
  attackSchema,
  type EngineRecord,
  engineRecordSchema,
} from './engine/records.ts';
export {
  type TrainJob,
  type TrainResult,
  trainJobSchema,
} from './engine/train-job.ts';
export {
  type DetectJob,
  type DetectReport,
  detectJobSchema,
  type OptimisePatchJob,
  type OptimisePatchReport,
  optimisePatchJobSchema,
  type ScanJob,
  scanJobSchema,
} from './engine/trigger-jobs.ts';

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

/** TensorFlow's own: '1' for ops that give the same bits each time on a GPU; a person may set it for all programs. */
export const sameBitsVariable = 'TF_DETERMINISTIC_OPS';
