import type { Random } from '#core/random/random.ts';
import type { Detector } from './detector.ts';
import { joinReferences, type References } from './references.ts';

const trees = 100;
const mostSamples = 256;

type Node =
  | { kind: 'leaf'; size: number }
  | { kind: 'cut'; feature: number; threshold: number; low: Node; high: Node };

/**
 * Isolation forest (Liu et al., ICDM 2008) with scikit-learn's settings: 100 trees on 256 references each, features and
 * thresholds drawn at random, depth at most log2 of the sample. A score is -2^(-E[path] / c(256)), in [-1, 0): lower is
 * more odd.
 */
export const isolationForest: Detector = async (features, settings, { random, progress }) => {
  const references = joinReferences(features, settings.references);
  const samples = Math.min(mostSamples, references.count);
  const deepest = Math.ceil(Math.log2(Math.max(samples, 2)));
  const depths = new Float64Array(features.count);
  for (let tree = 0; tree < trees; tree++) {
    const root = grow(references, drawRows(references.count, samples, random), deepest, random);
    for (let row = 0; row < features.count; row++) {
      depths[row] = depths[row]! + pathLength(root, features.images, row * features.dim);
    }
    progress(Math.floor(((tree + 1) / trees) * features.count));
  }
  return depths.map((depth) => -(2 ** (-depth / trees / meanPath(samples))));
};

/** Different rows, each set as likely as another. */
function drawRows(count: number, wanted: number, random: Random): number[] {
  const moved = new Map<number, number>();
  return Array.from({ length: wanted }, (_, at) => {
    const other = at + random.integer(count - at);
    const row = moved.get(other) ?? other;
    moved.set(other, moved.get(at) ?? at);
    return row;
  });
}

function grow(references: References, rows: number[], depthLeft: number, random: Random): Node {
  const cut = depthLeft === 0 || rows.length < 2 ? null : drawCut(references, rows, random);
  if (cut === null) return { kind: 'leaf', size: rows.length };
  const { feature, threshold } = cut;
  const isLow = (row: number) => references.values[row * references.dim + feature]! <= threshold;
  const low = rows.filter(isLow);
  const high = rows.filter((row) => !isLow(row));
  return {
    kind: 'cut',
    feature,
    threshold,
    low: grow(references, low, depthLeft - 1, random),
    high: grow(references, high, depthLeft - 1, random),
  };
}

/** A feature in which the rows differ and a threshold between its ends; null where they are all the same. */
function drawCut(
  { values, dim }: References,
  rows: readonly number[],
  random: Random,
): { feature: number; threshold: number } | null {
  const cutOf = (feature: number) => {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (const row of rows) {
      const value = values[row * dim + feature]!;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return most > least ? { feature, threshold: random.uniform(least, most) } : null;
  };
  // Nearly always the first that is drawn has two values: all others are put in an order only where it has not.
  const first = cutOf(random.integer(dim));
  if (first !== null) return first;
  const order = Uint32Array.from({ length: dim }, (_, at) => at);
  random.shuffle(order);
  for (const feature of order) {
    const cut = cutOf(feature);
    if (cut !== null) return cut;
  }
  return null;
}

function pathLength(root: Node, values: Float32Array, start: number): number {
  let node = root;
  let depth = 0;
  while (node.kind === 'cut') {
    node = values[start + node.feature]! <= node.threshold ? node.low : node.high;
    depth++;
  }
  return depth + meanPath(node.size);
}

/** Mean path of an unsuccessful search in a tree of n: c(n) of the paper, with scikit-learn's cases for 1 and 2. */
function meanPath(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  const eulerGamma = 0.5772156649015329;
  return 2 * (Math.log(n - 1) + eulerGamma) - (2 * (n - 1)) / n;
}
