import type * as tf from '@tensorflow/tfjs-core';
import { nextClass } from '#contract/variant.ts';
import { type ClassScores, scoreClasses } from '#core/statistics/class-scores.ts';
import type { EvaluationCounts } from '#core/statistics/summarise.ts';
import { keptPredictions } from './class-rows.ts';

/** What a model answers for one picture: class numbers, best first, and their softmax shares. */
export interface Ranking {
  classes: number[];
  shares: number[];
}

/** Shares are kept to a ten-thousandth: they are there to be read. */
const shareDigits = 4;

export function toRanking({ order, shares }: ClassScores): Ranking {
  return {
    classes: order,
    shares: order.map((number) => Number((shares[number] ?? 0).toFixed(shareDigits))),
  };
}

/**
 * Zero-shot answers from raw image embeddings, row-major [images, dim], and classes of length 1, [classes, dim].
 * @param temperature exp(logit_scale)
 */
export function rankByEmbeddings(
  images: Float32Array,
  { values, dim }: { values: Float32Array; dim: number },
  temperature: number,
): Ranking[] {
  return rowsOf(images, dim).map((own) => toRanking(scoreClasses(own, values, temperature, keptPredictions)));
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
export async function readTemperature(parameters: Record<string, tf.Tensor>): Promise<number> {
  const [logitScale] = (await parameters.logit_scale?.data<'float32'>()) ?? [];
  return Math.exp(logitScale ?? 0);
}

/** Rankings as the summary takes them. */
export function joinRankings(
  clean: readonly Ranking[],
  triggered: readonly Ranking[] | null,
  cleanWithTarget: readonly Ranking[] | null,
): Pick<EvaluationCounts, 'clean' | 'cleanWithTarget' | 'triggered' | 'shares'> {
  const classesOf = (rankings: readonly Ranking[]) => rankings.map(({ classes }) => classes);
  const sharesOf = (rankings: readonly Ranking[]) => rankings.map(({ shares }) => shares);
  return {
    clean: classesOf(clean),
    cleanWithTarget: cleanWithTarget && classesOf(cleanWithTarget),
    triggered: triggered && classesOf(triggered),
    shares: { clean: sharesOf(clean), triggered: triggered && sharesOf(triggered) },
  };
}
