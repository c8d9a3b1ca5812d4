import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.ts';
import { encodeOneHot } from './one-hot.ts';
import { runTensorflowOp } from './tensorflow-op.ts';

/** Rows of `table` [entries, width] by `ids` [n] int32: [n, width]. */
export function lookUp(table: tf.Tensor2D, ids: tf.Tensor1D): tf.Tensor2D {
  switch (tf.getBackend()) {
    case 'tensorflow':
      return lookUpOnTensorflow(table, ids);
    case 'wasm':
      return lookUpOnWasm(table, ids);
    default:
      return tf.gather(table, ids);
  }
}

/** TensorFlow.js's gather reads the ids in JavaScript to check them, which a recorded step must not: so the op itself. */
function lookUpOnTensorflow(table: tf.Tensor2D, ids: tf.Tensor1D): tf.Tensor2D {
  const attributes = {
    batch_dims: { int: 0 },
    Tparams: { dtype: 'float32' },
    Tindices: { dtype: 'int32' },
    Taxis: { dtype: 'int32' },
  } as const;
  return withGradient<tf.Tensor2D>(
    [table],
    (save) => {
      save([ids]);
      const [rows] = runTensorflowOp('GatherV2', attributes, [table, ids, tf.scalar(0, 'int32')], 1);
      return rows as tf.Tensor2D;
    },
    (dy, [rowIds]) => [tf.unsortedSegmentSum(dy, rowIds as tf.Tensor1D, table.shape[0])],
  );
}

/** wasm has no UnsortedSegmentSum: the transposed one-hot matrix of the ids does its work. */
function lookUpOnWasm(table: tf.Tensor2D, ids: tf.Tensor1D): tf.Tensor2D {
  return withGradient<tf.Tensor2D>(
    [table],
    (save) => {
      save([ids]);
      return tf.gather(table, ids);
    },
    (dy, [rowIds]) => [sumByOneHot(dy, rowIds as tf.Tensor1D, table.shape[0])],
  );
}

/** Sums the rows of `values` [n, width] into [entries, width] by `ids` [n]. */
export function sumByOneHot(values: tf.Tensor2D, ids: tf.Tensor1D, entries: number): tf.Tensor2D {
  return tf.matMul(encodeOneHot(ids, entries), values, true, false);
}
