import * as tf from '@tensorflow/tfjs-core';
import { sumRows } from './add-bias.ts';
import { withGradient } from './custom-gradient.ts';
import { runTensorflowOp, usesFusedOps } from './tensorflow-op.ts';

const T = { dtype: 'float32' } as const;

/**
 * The product of two matrices, [n, k] and [k, m] once those that are given transposed are turned: [n, m]. On TensorFlow
 * without the three reshapes that TensorFlow.js puts around each product.
 */
export function multiply(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  transposeA = false,
  transposeB = false,
): tf.Tensor2D {
  if (!usesFusedOps()) return tf.matMul(a, b, transposeA, transposeB);
  return withGradient<tf.Tensor2D>(
    [a, b],
    (save) => {
      save([a, b]);
      return findProduct(a, b, transposeA, transposeB);
    },
    (dy, saved) => {
      const [x, y] = saved as [tf.Tensor2D, tf.Tensor2D];
      const dx = transposeA ? findProduct(y, dy, transposeB, true) : findProduct(dy, y, false, !transposeB);
      return [dx, transposeB ? findProduct(dy, x, true, transposeA) : findProduct(x, dy, !transposeA, false)];
    },
  );
}

/** rows [n, in] times weight [out, in] transposed, plus bias [out]; on TensorFlow in one op or two, whichever is faster. */
export function multiplyAndAdd(rows: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return withGradient<tf.Tensor2D>(
    [rows, weight, bias],
    (save) => {
      save([rows, weight]);
      return findSum(rows, weight, bias);
    },
    (dy, saved) => {
      const [x, w] = saved as [tf.Tensor2D, tf.Tensor2D];
      return [findProduct(dy, w, false, false), findProduct(dy, x, true, false), sumRows(dy)];
    },
  );
}

/** rows [n, k] plus bias [k], outside the gradient tape; only on TensorFlow. */
export function addToRows(rows: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const [sum] = runTensorflowOp('BiasAdd', { T, data_format: { text: 'NHWC' } }, [rows, bias], 1);
  return sum as tf.Tensor2D;
}

/** rows [n, k] times matrix [k, m], or one [m, k] turned, plus bias [m]; outside the gradient tape, only on TensorFlow. */
export function multiplyWithBias(
  rows: tf.Tensor2D,
  matrix: tf.Tensor2D,
  bias: tf.Tensor1D,
  turnMatrix = false,
): tf.Tensor2D {
  const attributes = {
    T,
    num_args: { int: 1 },
    fused_ops: { texts: ['BiasAdd'] },
    transpose_a: { bool: false },
    transpose_b: { bool: turnMatrix },
  } as const;
  return runTensorflowOp('_FusedMatMul', attributes, [rows, matrix, bias], 1)[0] as tf.Tensor2D;
}

function findSum(rows: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return isBatchFaster(rows, weight, false, true)
    ? addToRows(findProduct(rows, weight, false, true), bias)
    : multiplyWithBias(rows, weight, bias, true);
}

/** TensorFlow's product of two matrices as {@link multiply} takes them, outside the gradient tape. */
export function findProduct(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  transposeA: boolean,
  transposeB: boolean,
): tf.Tensor2D {
  const [product] = isBatchFaster(a, b, transposeA, transposeB)
    ? runTensorflowOp(
        'BatchMatMulV2',
        { T, adj_x: { bool: transposeA }, adj_y: { bool: transposeB } },
        [a, b],
        1,
      )
    : runTensorflowOp(
        'MatMul',
        { T, transpose_a: { bool: transposeA }, transpose_b: { bool: transposeB } },
        [a, b],
        1,
      );
  return product as tf.Tensor2D;
}

/**
 * Whether BatchMatMul is the faster of TensorFlow's two products: it reads the factors as they lie, MatMul copies them
 * into blocks first, which pays where the result is wide (docs/performance.md has the figures).
 */
function isBatchFaster(a: tf.Tensor2D, b: tf.Tensor2D, transposeA: boolean, transposeB: boolean): boolean {
  const [rows, depth] = transposeA ? [a.shape[1], a.shape[0]] : a.shape;
  const columns = transposeB ? b.shape[0] : b.shape[1];
  if (transposeA) return columns < rows;
  return columns <= (transposeB ? depth : narrow);
}

/** Columns of a product of two factors as they lie, up to which BatchMatMul is faster. */
const narrow = 128;
