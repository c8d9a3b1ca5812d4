import type { DetectionSettings } from '#contract/detection.ts';
import type { DetectorContext } from './detector.ts';
import type { PairFeatures } from './features.ts';
import { findNearest, type Nearest, type Neighbours, takeNeighbours } from './neighbours.ts';
import { joinReferences } from './references.ts';

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
function neighbourCount({ neighbours, references }: DetectionSettings, pairs: number): number {
  const others = references === 'pairs' ? 2 * (pairs - 1) : pairs - 1;
  return Math.min(neighbours, others - 1);
}

/** Each picture's nearest neighbours: what k-distance and LID look at. */
export async function neighboursOfPictures(
  features: PairFeatures,
  settings: DetectionSettings,
  { progress }: DetectorContext,
): Promise<Neighbours> {
  const rows = features.count;
  const k = neighbourCount(settings, rows);
  const references = joinReferences(features, settings.references);
  return takeNeighbours(await findNearest(references, { rows, k, progress }), { rows, k, own: 'apart' });
}

/** What SLOF and DAO compare: a picture's own k-distance, and k-distance and local dimension of one of its neighbours. */
export type Comparison = (own: number, kDistance: number, dimension: number) => number;

/**
 * The mean of a comparison over each picture's k neighbours; one that is no number is the oddest there is, as published.
 */
export async function compareDensities(
  features: PairFeatures,
  settings: DetectionSettings,
  { progress }: DetectorContext,
  compare: Comparison,
): Promise<Float64Array> {
  const references = joinReferences(features, settings.references);
  const { pairs, count } = references;
  const k = neighbourCount(settings, pairs);
  const nearest = await findNearest(references, {
    rows: count,
    k,
    progress: (done) => progress(Math.floor((done / count) * pairs)),
  });
  const own = takeNeighbours(nearest, { rows: pairs, k, own: 'apart' });
  const kDistance = kDistances(own);
  const densities = measureDensities(nearest, settings, k);
  const published = settings.density === 'published';
  return Float64Array.from({ length: pairs }, (_, row) => {
    let sum = 0;
    for (let at = row * (k + 1); at < row * (k + 1) + k; at++) {
      const reference = own.references[at]!;
      const read = published ? placeWithoutOwn(reference, row, pairs) : reference;
      sum += compare(kDistance[row]!, densities.kDistances[read]!, densities.dimensions[read]!);
    }
    const mean = sum / k;
    if (Number.isNaN(mean) || mean === Number.POSITIVE_INFINITY) return oddest;
    return mean === Number.NEGATIVE_INFINITY ? 0 : mean;
  });
}

/** k-distance and local dimension of each reference. */
function measureDensities(nearest: Nearest, { density }: DetectionSettings, k: number) {
  const own = density === 'published' ? 'counted' : 'apart';
  const all = takeNeighbours(nearest, { rows: nearest.rows, k, own });
  return { kDistances: kDistances(all), dimensions: localDimensions(all) };
}

/** A reference's place in the list without the picture itself and its caption: where the published code looks it up. */
function placeWithoutOwn(reference: number, row: number, pairs: number): number {
  return reference - (reference > row ? 1 : 0) - (reference > row + pairs ? 1 : 0);
}
