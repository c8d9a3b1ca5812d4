import type { DetectionSettings } from '#contract/detection.ts';
import type { PairFeatures } from './features.ts';
import { findNeighbours, joinReferences, type Neighbours } from './neighbours.ts';

/** What a ratio or logarithm of nothing scores, as published. */
const oddest = 1000;

/** Keeps the logarithm of a distance of 0 finite. */
const tiny = 1e-4;

/** The distance of each row to its k-th neighbour, counted from 0. */
export function kDistances({ rows, distances, k }: Neighbours): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => distances[row * (k + 1) + k]!);
}

/** Local intrinsic dimension of each row by maximum likelihood: -k / sum of ln(a_n / a_k + 1e-4) over n < k. */
export function localDimensions({ rows, distances, k }: Neighbours): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    const from = row * (k + 1);
    let sum = 0;
    for (let at = from; at < from + k; at++) sum += Math.log(distances[at]! / distances[from + k]! + tiny);
    return -k / sum;
  });
}

/** How many neighbours there can be: a picture is none of its own, nor is its caption. */
export function neighbourCount({ neighbours, references }: DetectionSettings, pairs: number): number {
  const others = references === 'pairs' ? 2 * (pairs - 1) : pairs - 1;
  return Math.min(neighbours, others - 1);
}

/** A picture's neighbours and what is known of each of them. */
export interface Surroundings {
  /** The picture's own k-distance. */
  own: number;
  /** k-distances and local dimensions of its k neighbours. */
  others: { kDistance: number; dimension: number }[];
}

/** For each picture, its k-distance and its neighbours' densities: what SLOF and DAO compare. */
export async function findSurroundings(
  features: PairFeatures,
  settings: DetectionSettings,
): Promise<Surroundings[]> {
  const references = joinReferences(features, settings.references);
  const { pairs, count } = references;
  const k = neighbourCount(settings, pairs);
  const nearest = await findNeighbours(references, { rows: pairs, k, own: 'apart' });
  const published = settings.density === 'published';
  const all = await findNeighbours(references, {
    rows: count,
    k,
    own: published ? 'counted' : 'apart',
  });
  const distances = kDistances(all);
  const dimensions = localDimensions(all);
  const own = kDistances(nearest);
  return Array.from(own, (distance, row) => ({
    own: distance,
    others: Array.from({ length: k }, (_, at) => {
      const reference = nearest.references[row * (k + 1) + at]!;
      const read = published ? placeWithoutOwn(reference, row, pairs) : reference;
      return { kDistance: distances[read]!, dimension: dimensions[read]! };
    }),
  }));
}

/** A reference's place in the list without the picture itself and its caption: where the published code looks it up. */
function placeWithoutOwn(reference: number, row: number, pairs: number): number {
  return reference - (reference > row ? 1 : 0) - (reference > row + pairs ? 1 : 0);
}

/** The mean over a picture's neighbours; a score that is no number is the oddest there is, as published. */
export function meanOver(
  { own, others }: Surroundings,
  score: (own: number, other: Surroundings['others'][number]) => number,
): number {
  const mean = others.reduce((sum, other) => sum + score(own, other), 0) / others.length;
  if (Number.isNaN(mean) || mean === Number.POSITIVE_INFINITY) return oddest;
  return mean === Number.NEGATIVE_INFINITY ? 0 : mean;
}
