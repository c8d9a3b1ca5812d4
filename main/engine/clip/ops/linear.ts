import * as tf from '@tensorflow/tfjs-core';
import { addBias } from './add-bias.ts';
import { multiplyAndAdd } from './matrices.ts';
import { usesProcessorOps } from './tensorflow-op.ts';

/** rows [n, in] times weight [out, in] transposed, plus bias [out]. */
export function applyLinear(rows: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  if (usesProcessorOps()) return multiplyAndAdd(rows, weight, bias);
  return addBias(tf.matMul(rows, weight, false, true), bias);
}
