import * as tf from '@tensorflow/tfjs-core';
import type { PairFeatures } from './features.ts';

/** The nearest rows to each of some rows, by Euclidean distance. */
export interface Neighbours {
  rows: number;
  /** Row-major [rows, k + 1], each ascending: the last is the k-distance, counted from 0. */
  distances: Float64Array;
  /** Which references they are, [rows, k + 1]. */
  references: Uint32Array;
  k: number;
}

/** Pictures first, then, for pairs, captions: [count or 2 x count, dim]. */
export interface References {
  values: Float32Array;
  count: number;
  dim: number;
  /** How many of them are pictures. */
  pairs: number;
}

export function joinReferences(
  { images, texts, count, dim }: PairFeatures,
  kind: 'pairs' | 'pictures',
): References {
  if (kind === 'pictures') return { values: images, count, dim, pairs: count };
  const values = new Float32Array(images.length + texts.length);
  values.set(images);
  values.set(texts, images.length);
  return { values, count: 2 * count, dim, pairs: count };
}

/** Rows compared at once with as many columns: what a block takes of memory is 4 x 1024 x 8192 bytes. */
const blockRows = 1024;
const blockColumns = 8192;

/** Beyond this part of the squares that it is the difference of, a squared distance is measured anew, row by row. */
const cancellation = 1e-3;

/** A picture and its caption: as many of a row's nearest may be no neighbours of it. */
const mostOwn = 2;

/** The nearest references to some rows, each row itself among them. */
export interface Nearest {
  references: References;
  rows: number;
  /** How many of each row. */
  some: number;
  /** Row-major [rows, some], each ascending and the row itself first, at distance 0; infinite where there are no more. */
  distances: Float64Array;
  found: Uint32Array;
}

/**
 * The nearest references to the first `rows` of them, exactly, by blocks: memory does not grow with rows x references.
 * Enough of them for k neighbours in either sense of {@link takeNeighbours}.
 * @param progress called with the rows that are done; it may throw to stop
 */
export async function findNearest(
  references: References,
  { rows, k, progress = () => {} }: { rows: number; k: number; progress?: (done: number) => void },
): Promise<Nearest> {
  const { values, dim } = references;
  const some = k + 1 + mostOwn;
  const distances = new Float64Array(rows * some).fill(Number.POSITIVE_INFINITY);
  const found = new Uint32Array(rows * some);
  const squares = squareLengths(values, dim);
  const columns = splitColumns(references, squares);
  for (let row = 0; row < rows; row++) keep(row, row, 0);

  /** Whether it is among the nearest so far. */
  function keep(row: number, reference: number, distance: number): boolean {
    const first = row * some;
    let at = first + some - 1;
    if (distance >= distances[at]!) return false;
    for (; at > first && distances[at - 1]! > distance; at--) {
      distances[at] = distances[at - 1]!;
      found[at] = found[at - 1]!;
    }
    distances[at] = distance;
    found[at] = reference;
    return true;
  }

  try {
    for (let top = 0; top < rows; top += blockRows) {
      const height = Math.min(blockRows, rows - top);
      for (const { left, width, tensor } of columns) {
        const take = Math.min(width, some);
        const { values: products, indices } = nearestOfBlock(references, { top, height, tensor, take });
        const [largest, places] = await Promise.all([products.data(), indices.data()]);
        tf.dispose([products, indices]);
        for (let line = 0; line < height; line++) {
          const row = top + line;
          for (let at = line * take; at < (line + 1) * take; at++) {
            const reference = left + places[at]!;
            if (reference === row) continue;
            const square = squares[row]! - largest[at]!;
            const sum = squares[row]! + squares[reference]!;
            const isExact = square > cancellation * sum;
            const distance = isExact ? Math.sqrt(square) : measure(references, row, reference);
            // The nearest of a block come first: after one that is too far, all are.
            if (!keep(row, reference, distance) && isExact) break;
          }
        }
      }
      progress(top + height);
    }
  } finally {
    tf.dispose(columns.map(({ tensor }) => tensor));
  }
  return { references, rows, some, distances, found };
}

/**
 * The k + 1 nearest neighbours of the first `rows`.
 * @param own `apart`: a picture's own row and its own caption are no neighbours of it, as in the published detectors'
 *   list; `counted`: a row is its own first neighbour, at distance 0, as in their list of densities
 */
export function takeNeighbours(
  nearest: Nearest,
  { rows, k, own }: { rows: number; k: number; own: 'apart' | 'counted' },
): Neighbours {
  const { some } = nearest;
  const wanted = k + 1;
  const distances = new Float64Array(rows * wanted);
  const references = new Uint32Array(rows * wanted);
  for (let row = 0; row < rows; row++) {
    const caption = row + nearest.references.pairs;
    let to = row * wanted;
    for (let from = row * some; to < (row + 1) * wanted; from++) {
      const reference = nearest.found[from]!;
      if (own === 'apart' && (reference === row || reference === caption)) continue;
      distances[to] = nearest.distances[from]!;
      references[to] = reference;
      to++;
    }
  }
  return { rows, distances, references, k };
}

/** Blocks of references b as [b, -|b|^2], [width, dim + 1]. */
function splitColumns({ values, count, dim }: References, squares: Float32Array) {
  return Array.from({ length: Math.ceil(count / blockColumns) }, (_, block) => {
    const left = block * blockColumns;
    const width = Math.min(blockColumns, count - left);
    const own = new Float32Array(width * (dim + 1));
    for (let line = 0; line < width; line++) {
      const from = (left + line) * dim;
      own.set(values.subarray(from, from + dim), line * (dim + 1));
      own[line * (dim + 1) + dim] = -squares[left + line]!;
    }
    return { left, width, tensor: tf.tensor2d(own, [width, dim + 1]) };
  });
}

/**
 * For each of some rows a, the largest 2ab - |b|^2, which is |a|^2 less the squared distance, and their columns b,
 * [height, take]. As rows are [2a, 1], one product gives it.
 */
function nearestOfBlock(
  { values, dim }: References,
  { top, height, tensor, take }: { top: number; height: number; tensor: tf.Tensor2D; take: number },
) {
  const own = new Float32Array(height * (dim + 1)).fill(1);
  for (let line = 0; line < height; line++) {
    for (let at = 0; at < dim; at++) own[line * (dim + 1) + at] = 2 * values[(top + line) * dim + at]!;
  }
  return tf.tidy(() =>
    tf.topk(tf.matMul(tf.tensor2d(own, [height, dim + 1]), tensor, false, true), take, true),
  );
}

function squareLengths(values: Float32Array, dim: number): Float32Array {
  return Float32Array.from({ length: values.length / dim }, (_, row) => {
    let sum = 0;
    for (let at = row * dim; at < (row + 1) * dim; at++) sum += values[at]! ** 2;
    return sum;
  });
}

function measure({ values, dim }: References, a: number, b: number): number {
  let sum = 0;
  for (let at = 0; at < dim; at++) sum += (values[a * dim + at]! - values[b * dim + at]!) ** 2;
  return Math.sqrt(sum);
}
