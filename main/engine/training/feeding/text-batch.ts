import * as tf from '@tensorflow/tfjs-core';
import { layOutTokens, type TokenRows } from './token-rows.ts';

/** Token rows as a tensor, int32 [texts, length]. */
export function toTokenMatrix({ ids, length }: TokenRows): tf.Tensor2D {
  return tf.tensor2d(ids, [ids.length / length, length], 'int32');
}

/** {@link layOutTokens} as a tensor. */
export function toTokenTensor(texts: readonly number[][], contextLength: number): tf.Tensor2D {
  return toTokenMatrix(layOutTokens(texts, contextLength));
}
