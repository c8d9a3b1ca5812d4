import type { Split } from './dataset.ts';
import type { MetricName } from './metrics.ts';

/** A share with its count and Wilson 95 % interval; all in [0, 1]. */
export interface Share {
  hits: number;
  count: number;
  value: number;
  low: number;
  high: number;
}

export interface ClassResult {
  class: string;
  /** Clean test images of the class. */
  count: number;
  accuracy: Share;
  top5: Share;
  /** null for the target class, and for all where nothing was attacked. */
  attackSuccess: Share | null;
}

/**
 * One pass over the test images.
 * CA: share of clean test images predicted as their label (top-1).
 * ASR: over test images whose label is not the target, the fraction predicted as the target with the trigger; null where
 * there is no such image.
 * Where the target is none of the classes, triggered images choose among the classes and the target, and so do the clean
 * images that ASR is compared with; CA and top-5 are among the classes alone.
 * Where each class has a target of its own (`target` is nextClass of contract/variant.ts, all-to-all), ASR is over all
 * test images, the fraction predicted as the class after their label with the trigger.
 * Implanted: ASR >= 50 % and at least 10 times the fraction of clean non-target images predicted as the target.
 */
export interface EvaluationResult {
  classes: string[];
  target: string | null;
  ca: Share;
  top5: Share;
  asr: Share | null;
  /** Clean non-target images predicted as the target (all-to-all: clean images predicted as the class after their label). */
  cleanAsTarget: Share | null;
  implanted: boolean | null;
  /** Those of contract/metrics.ts that could be measured. */
  metrics: Partial<Record<MetricName, Share>>;
  perClass: ClassResult[];
  predictions: Prediction[];
}

export interface Prediction {
  recordId: number;
  /** Class indices, best first, at most five; in `triggered` the one after the last is a target that is no class. */
  clean: number[];
  triggered: number[] | null;
  /** Softmax over all classes, in [0, 1], of those in `clean`; null in evaluations of versions that kept none. */
  cleanProbabilities: number[] | null;
  triggeredProbabilities: number[] | null;
}

/** What is measured: a model on a dataset's test pictures, clean and, where there is a variant, under an attack of it. */
export interface Measured {
  modelId: string;
  datasetId: string;
  /** null: nothing is attacked. */
  variantId: string | null;
  /** Which attack of the variant: its place among the recipe's parts, from 0; 0 where nothing is attacked. */
  part: number;
}

export interface NewEvaluation extends Measured {
  /** Prompts it was scored with, each with a place for the class name; null for a linear head. */
  prompts: string[] | null;
  result: EvaluationResult;
  seconds: number;
}

export interface Evaluation extends Measured {
  id: string;
  /** The split of its pictures; `all`: training pictures among others; null: not known. */
  testSplit: Split | 'all' | null;
  prompts: string[] | null;
  /** Without `predictions`, which are read on demand. */
  result: Omit<EvaluationResult, 'predictions'>;
  seconds: number;
  createdAt: string;
}
