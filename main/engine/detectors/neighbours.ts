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

/**
 * The nearest references to the first `rows` of them, exactly, by blocks: memory does not grow with rows x references.
 * @param own `apart`: a picture's own row and its own caption are no neighbours of it, as in the published detectors'
 *   list; `counted`: a row is its own first neighbour, at distance 0, as in their list of densities
 */
export async function findNeighbours(
  references: References,
  { rows, k, own }: { rows: number; k: number; own: 'apart' | 'counted' },
): Promise<Neighbours> {
  const { values, count, dim } = references;
  const wanted = k + 1;
  const distances = new Float64Array(rows * wanted).fill(Number.POSITIVE_INFINITY);
  const found = new Uint32Array(rows * wanted);
  const squares = squareLengths(values, dim);
  const isOwn = (row: number, reference: number) =>
    reference === row || (own === 'apart' && reference === row + references.pairs);
  if (own === 'counted') for (let row = 0; row < rows; row++) keep(row, row, 0);

  function keep(row: number, reference: number, distance: number): void {
    let at = (row + 1) * wanted - 1;
    if (distance >= distances[at]!) return;
    for (; at > row * wanted && distances[at - 1]! > distance; at--) {
      distances[at] = distances[at - 1]!;
      found[at] = found[at - 1]!;
    }
    distances[at] = distance;
    found[at] = reference;
  }

  for (let top = 0; top < rows; top += blockRows) {
    const height = Math.min(blockRows, rows - top);
    for (let left = 0; left < count; left += blockColumns) {
      const width = Math.min(blockColumns, count - left);
      const some = Math.min(width, wanted + 2);
      const nearest = nearestOfBlock(references, squares, { top, height, left, width, some });
      const [values, places] = await Promise.all([nearest.values.data(), nearest.indices.data()]);
      tf.dispose([nearest.values, nearest.indices]);
      for (let line = 0; line < height; line++) {
        const row = top + line;
        for (let at = line * some; at < (line + 1) * some; at++) {
          const reference = left + places[at]!;
          if (isOwn(row, reference)) continue;
          const square = -values[at]!;
          const sum = squares[row]! + squares[reference]!;
          const distance =
            square > cancellation * sum ? Math.sqrt(square) : measure(references, row, reference);
          keep(row, reference, distance);
        }
      }
    }
  }
  return { rows, distances, references: found, k };
}

interface Block {
  top: number;
  height: number;
  left: number;
  width: number;
  /** How many of each row are wanted. */
  some: number;
}

/** The largest of minus the squared distances of a block, [height, some], and their columns. */
function nearestOfBlock({ values, dim }: References, squares: Float32Array, block: Block) {
  const { top, height, left, width, some } = block;
  return tf.tidy(() => {
    const rows = tf.tensor2d(values.subarray(top * dim, (top + height) * dim), [height, dim]);
    const columns = tf.tensor2d(values.subarray(left * dim, (left + width) * dim), [width, dim]);
    const rowSquares = tf.tensor2d(squares.subarray(top, top + height), [height, 1]);
    const columnSquares = tf.tensor2d(squares.subarray(left, left + width), [1, width]);
    const products = tf.mul(tf.matMul(rows, columns, false, true), 2);
    return tf.topk(tf.sub(tf.sub(products, rowSquares), columnSquares), some, true);
  });
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
