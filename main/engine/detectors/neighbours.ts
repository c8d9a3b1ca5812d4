import { compareBlocks } from './feature-blocks.ts';
import { createNearestLists } from './nearest-lists.ts';
import type { References } from './references.ts';

/** The nearest rows to each of some rows, by Euclidean distance. */
export interface Neighbours {
  rows: number;
  /** Row-major [rows, k + 1], each ascending: the last is the k-distance, counted from 0. */
  distances: Float64Array;
  /** Which references they are, [rows, k + 1]. */
  references: Uint32Array;
  k: number;
}

/** Beyond this part of the squares that it is the difference of, a squared distance is measured anew, pair by pair. */
const cancellation = 1e-3;

/**
 * The same in parts of one row's square alone: references at least as near have nearly its length, so the sum of both
 * squares is at most 2.1 of it.
 */
const mayCancel = 2.2 * cancellation;

/** What rounding leaves of a squared distance, in parts of a row's square; some ten times what it was seen to leave. */
const rounding = 1e-5;

/** A picture and its caption: as many of a row's nearest may be no neighbours of it. */
const mostOwn = 2;

/** The nearest references to some rows, each row itself among them. */
export interface Nearest {
  references: References;
  rows: number;
  /** How many of each row. */
  some: number;
  /** Row-major [rows, some], each ascending, the row itself among them at distance 0; infinite where there are no more. */
  distances: Float64Array;
  found: Uint32Array;
}

/**
 * The nearest references to the first `rows` of them, exactly, by blocks: memory does not grow with rows x references.
 * Rows are references too, so a block between two of them serves both. Enough of them for k neighbours in either sense
 * of {@link takeNeighbours}.
 * @param progress called with the rows that are done, as many as the part of the work that is; it may throw to stop
 */
export async function findNearest(
  references: References,
  { rows, k, progress = () => {} }: { rows: number; k: number; progress?: (done: number) => void },
): Promise<Nearest> {
  const some = k + 1 + mostOwn;
  const squares = squareLengths(references);
  const lists = createNearestLists(rows, some);
  for (let row = 0; row < rows; row++) lists.offer(row, row, 0);
  /** By row: a product above it may be one of its nearest. */
  const limits = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);

  /** @param product the squared distance, less than 0, as the block has it */
  function offer(row: number, reference: number, product: number): void {
    const square = -product;
    const isExact = square > cancellation * (squares[row]! + squares[reference]!);
    lists.offer(row, reference, isExact ? Math.sqrt(square) : measure(references, row, reference));
    const farthest = lists.farthest(row) ** 2;
    const isSafe = farthest > mayCancel * squares[row]!;
    limits[row] = -(isSafe ? farthest : farthest + rounding * squares[row]!);
  }

  for await (const { top, height, left, width, values, done } of compareBlocks(references, squares, rows)) {
    // Of a block of rows with themselves each pair stands there twice.
    const both = left === top ? left : Math.max(left, Math.min(left + width, rows));
    const least = limits.subarray(left, both).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    let at = 0;
    for (let row = top; row < top + height; row++) {
      // One comparison for both sides: nearly all products are below.
      let limit = Math.min(limits[row]!, least);
      for (let reference = left; reference < left + width; reference++, at++) {
        const product = values[at]!;
        if (product <= limit) continue;
        if (product > limits[row]! && reference !== row) offer(row, reference, product);
        if (reference < both && product > limits[reference]!) offer(reference, row, product);
        limit = Math.min(limits[row]!, least);
      }
    }
    progress(Math.floor(done * rows));
  }
  lists.sort();
  return { references, rows, some, distances: lists.distances, found: lists.references };
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

function squareLengths({ values, count, dim }: References): Float32Array {
  return Float32Array.from({ length: count }, (_, row) => {
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
