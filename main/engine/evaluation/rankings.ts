import type * as tf from '@tensorflow/tfjs-core';
import { nextClass } from '#contract/variant.ts';
import { type ClassScores, scoreClasses } from '#core/statistics/class-scores.ts';
import type { EvaluationCounts } from '#core/statistics/summarise.ts';
import { keptPredictions } from './class-rows.ts';

/** What a model answers for one picture: class numbers, best first, and their softmax probabilities. */
export interface Ranking {
  classes: number[];
  probabilities: number[];
}

/** Probabilities are kept to a ten-thousandth: they are there to be read. */
const probabilityDigits = 4;

export function toRanking({ order, probabilities }: ClassScores): Ranking {
  return {
    classes: order,
    probabilities: order.map((number) => Number((probabilities[number] ?? 0).toFixed(probabilityDigits))),
  };
}

/**
 * Zero-shot answers from raw image embeddings, row-major [images, dim], and classes of length 1, [classes, dim].
 * @param logitScale exp of the stored logit_scale
 */
export function rankByEmbeddings(
  images: Float32Array,
  { values, dim }: { values: Float32Array; dim: number },
  logitScale: number,
): Ranking[] {
  return rowsOf(images, dim).map((own) => toRanking(scoreClasses(own, values, logitScale, keptPredictions)));
}

/** What a target that is no class needs: one more prompt for triggered pictures, and for the clean ones beside them. */
export function extraTarget(classes: readonly string[], target: string | null): string | null {
  return target === null || target === nextClass || classes.includes(target) ? null : target;
}

/** The rows of the classes alone, where a further one of the target stands behind them. */
export function withoutTarget(
  { values, dim }: { values: Float32Array; dim: number },
  classes: readonly string[],
): { values: Float32Array; dim: number } {
  return { values: values.subarray(0, classes.length * dim), dim };
}

/** The rows, of `width` numbers each, of a matrix. */
export function rowsOf(matrix: Float32Array, width: number): Float32Array[] {
  return Array.from({ length: matrix.length / width }, (_, row) =>
    matrix.subarray(row * width, (row + 1) * width),
  );
}

/** exp(logit_scale): what cosines are multiplied by. */
export async function readLogitScale(parameters: Record<string, tf.Tensor>): Promise<number> {
  const [logitScale] = (await parameters.logit_scale?.data<'float32'>()) ?? [];
  return Math.exp(logitScale ?? 0);
}

/** Rankings as the summary takes them. */
export function joinRankings(
  clean: readonly Ranking[],
  triggered: readonly Ranking[] | null,
  cleanWithTarget: readonly Ranking[] | null,
): Pick<EvaluationCounts, 'clean' | 'cleanWithTarget' | 'triggered' | 'probabilities'> {
  const classesOf = (rankings: readonly Ranking[]) => rankings.map(({ classes }) => classes);
  const probabilitiesOf = (rankings: readonly Ranking[]) =>
    rankings.map(({ probabilities }) => probabilities);
  return {
    clean: classesOf(clean),
    cleanWithTarget: cleanWithTarget && classesOf(cleanWithTarget),
    triggered: triggered && classesOf(triggered),
    probabilities: { clean: probabilitiesOf(clean), triggered: triggered && probabilitiesOf(triggered) },
  };
}
