import * as tf from '@tensorflow/tfjs-core';
import { compileStep } from '../compiled-step.ts';
import type { References } from './references.ts';

/** Rows and columns of a block: its 4 MB stay in a processor's cache while they are looked at. */
const blockSize = 1024;

/** Squared distances of some rows to some references, less than 0: [height, width], row-major. */
export interface Block {
  top: number;
  height: number;
  left: number;
  width: number;
  values: Float32Array;
  /** The share of all products that are done with this one, in (0, 1]. */
  done: number;
}

/**
 * Compares the first `rows` references with all, block by block, each pair of blocks once: those of rows with
 * themselves first, then each with the blocks after it. What computes one block leaves this thread free to look at the
 * one before.
 * @param squares squared lengths of the references
 */
export async function* compareBlocks(
  references: References,
  squares: Float32Array,
  rows: number,
): AsyncGenerator<Block> {
  const blocks = Math.ceil(references.count / blockSize);
  const strips = Math.ceil(rows / blockSize);
  const columns = Array.from({ length: blocks }, (_, block) => asColumns(references, squares, block));
  const product = compileStep(([a, b]) => [tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, false, true)], {
    name: 'compare features',
  });
  const own = { strip: -1, tensor: tf.tensor(0) };
  const start = ([strip, block]: [number, number]) => {
    const top = strip * blockSize;
    const height = Math.min(blockSize, rows - top);
    if (strip !== own.strip) {
      own.tensor.dispose();
      Object.assign(own, { strip, tensor: asRows(references, squares, top, height) });
    }
    const values = product.run([own.tensor, columns[block]!]);
    return { top, height, left: block * blockSize, width: columns[block]!.shape[0]!, values };
  };
  const places = orderBlocks(strips, blocks);
  let running = start(places[0]!);
  try {
    for (const at of places.keys()) {
      const { values, ...place } = running;
      const [tensor] = await values;
      const next = places[at + 1];
      if (next !== undefined) running = start(next);
      const read = (await tensor!.data()) as Float32Array;
      tensor!.dispose();
      yield { ...place, values: read, done: (at + 1) / places.length };
    }
  } finally {
    // What still computes needs its inputs.
    await running.values.then(tf.dispose, () => {});
    product.dispose();
    tf.dispose([own.tensor, ...columns]);
  }
}

/** Strips of rows by blocks of references: [i, i] of all, then [i, j] with i < j. */
function orderBlocks(strips: number, blocks: number): [number, number][] {
  const own = Array.from({ length: strips }, (_, strip): [number, number] => [strip, strip]);
  const others = own.flatMap(([strip]) =>
    Array.from({ length: blocks - strip - 1 }, (_, after): [number, number] => [strip, strip + 1 + after]),
  );
  return [...own, ...others];
}

/** Rows a as [2a, -|a|^2, 1]: times columns [b, 1, -|b|^2] that is -|a - b|^2. */
function asRows({ values, dim }: References, squares: Float32Array, top: number, height: number) {
  const wide = dim + 2;
  const own = new Float32Array(height * wide);
  for (let line = 0; line < height; line++) {
    const [from, to] = [(top + line) * dim, line * wide];
    for (let at = 0; at < dim; at++) own[to + at] = 2 * values[from + at]!;
    own[to + dim] = -squares[top + line]!;
    own[to + dim + 1] = 1;
  }
  return tf.tensor2d(own, [height, wide]);
}

function asColumns({ values, dim, count }: References, squares: Float32Array, block: number) {
  const left = block * blockSize;
  const width = Math.min(blockSize, count - left);
  const wide = dim + 2;
  const own = new Float32Array(width * wide);
  for (let line = 0; line < width; line++) {
    const [from, to] = [(left + line) * dim, line * wide];
    own.set(values.subarray(from, from + dim), to);
    own[to + dim] = 1;
    own[to + dim + 1] = -squares[left + line]!;
  }
  return tf.tensor2d(own, [width, wide]);
}
