import { z } from 'zod';
import { architectureNames } from '../architectures.ts';
import { precisions } from '../methods/common-settings.ts';

export const parityJobSchema = z.object({ kind: z.literal('parity'), fixtures: z.string() });
export type ParityJob = z.infer<typeof parityJobSchema>;

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
  precision: z.enum(precisions),
  repetitions: z.number().int().positive(),
});
export type BenchStepJob = z.infer<typeof benchStepJobSchema>;

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

/** CA and ASR of a model, once: medians in milliseconds, peaks of each side's process in bytes. */
export interface BenchEvaluateReport extends Omit<BenchEvaluateJob, 'kind' | 'python'> {
  ms: number;
  peakBytes: number;
  pytorchMs: number | null;
  pytorchPeakBytes: number | null;
  backend: string;
  torch: string | null;
}
