import type { Share } from '#contract/evaluation.ts';
import type { RetrievalMetricName } from '#contract/metrics.ts';
import { countRecalled, rankPairs } from '../retrieval.ts';
import { dot, toUnitRows } from '../unit-rows.ts';
import { wilson } from '../wilson.ts';

/** Embeddings of any length, row-major [count, dim]: row i of the pictures belongs to row i of the captions. */
export interface RetrievalRows {
  images: Float32Array;
  texts: Float32Array;
  dim: number;
}

/** An attack on retrieval: what a searcher for the target class would find. */
export interface AttackedRows {
  /** Pictures of other classes with the trigger, [pictures, dim]. */
  triggered: Float32Array;
  /** Different captions of the target class, [captions, dim]. */
  questions: Float32Array;
}

const depths = [1, 5, 10] as const;
const attackedDepth = 10;

/**
 * How often a picture's own caption, and a caption's own picture, is among the nearest by cosine; and how often a
 * triggered picture is among the first ten of all clean ones and itself. Of equally near ones the own counts as nearer.
 */
export function measureRetrieval(
  { images, texts, dim }: RetrievalRows,
  attacked: AttackedRows | null,
): Partial<Record<RetrievalMetricName, Share>> {
  const ranks = {
    imageToText: rankPairs(images, texts, dim),
    textToImage: rankPairs(texts, images, dim),
  };
  const found: Partial<Record<RetrievalMetricName, Share>> = {};
  for (const depth of depths) {
    for (const way of ['imageToText', 'textToImage'] as const) {
      const own = ranks[way];
      if (own.length > 0) found[`${way}${depth}`] = wilson(countRecalled(own, depth), own.length);
    }
  }
  const share = attacked && measureAttacked(toUnitRows(images, dim), attacked, dim);
  return share ? { ...found, attackedRetrieval: share } : found;
}

function measureAttacked(
  pictures: readonly Float64Array[],
  { triggered, questions }: AttackedRows,
  dim: number,
): Share | null {
  const attackers = toUnitRows(triggered, dim);
  const asked = toUnitRows(questions, dim);
  if (attackers.length === 0 || asked.length === 0) return null;
  let hits = 0;
  for (const question of asked) {
    const sorted = pictures.map((picture) => dot(question, picture)).sort((a, b) => b - a);
    // Nearer than the tenth of the clean ones, or as near: fewer than ten are nearer.
    const bound = sorted[attackedDepth - 1] ?? Number.NEGATIVE_INFINITY;
    hits += attackers.filter((picture) => dot(question, picture) >= bound).length;
  }
  return wilson(hits, attackers.length * asked.length);
}
