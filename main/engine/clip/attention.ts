import * as tf from '@tensorflow/tfjs-core';
import { describeLinear, linear } from './linear.ts';
import { joinHeads, splitHeads, splitPacked } from './ops/heads.ts';
import { applyLinear } from './ops/linear.ts';
import { mergeShapes, type Parameters, type TensorShapes, take } from './parameters.ts';

export interface AttentionOptions {
  batch: number;
  heads: number;
  /** Added to the scores [batch, heads, asking, length], which it must fit by broadcasting; null for none. */
  mask: tf.Tensor | null;
}

/**
 * Multi-head self-attention (Vaswani et al. 2017) with query, key and value packed in one projection, as PyTorch's
 * MultiheadAttention holds them. rows [batch * length, width], of the same shape after.
 */
export function attend(
  parameters: Parameters,
  name: string,
  rows: tf.Tensor2D,
  options: AttentionOptions,
): tf.Tensor2D {
  const { weight, bias } = takeProjection(parameters, name);
  const packed = applyLinear(rows, weight, bias);
  const [query, key, value] = splitPacked(packed, options.batch, options.heads, 3);
  return linear(parameters, `${name}.out_proj`, mix(query!, key!, value!, options.mask));
}

/** As {@link attend}, for one position of each sequence: asking [batch, width] and rows [batch * length, width] give [batch, width]. */
export function attendFrom(
  parameters: Parameters,
  name: string,
  asking: tf.Tensor2D,
  rows: tf.Tensor2D,
  { batch, heads, mask }: AttentionOptions,
): tf.Tensor2D {
  const { weight, bias } = takeProjection(parameters, name);
  const [, width] = rows.shape;
  const [queryWeight, contextWeight] = tf.split(weight, [width, 2 * width]) as [tf.Tensor2D, tf.Tensor2D];
  const [queryBias, contextBias] = tf.split(bias, [width, 2 * width]) as [tf.Tensor1D, tf.Tensor1D];
  const query = splitHeads(applyLinear(asking, queryWeight, queryBias), batch, heads);
  const [key, value] = splitPacked(applyLinear(rows, contextWeight, contextBias), batch, heads, 2);
  return linear(parameters, `${name}.out_proj`, mix(query, key!, value!, mask));
}

/** query [batch, heads, asking, size], key and value [batch, heads, length, size]; gives rows [batch * asking, width]. */
export function mix(
  query: tf.Tensor4D,
  key: tf.Tensor4D,
  value: tf.Tensor4D,
  mask: tf.Tensor | null,
): tf.Tensor2D {
  const [, , , size] = query.shape;
  const scores = tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(size));
  const weights = tf.softmax(mask === null ? scores : tf.add(scores, mask));
  return joinHeads(tf.matMul(weights, value) as tf.Tensor4D);
}

/** The tensors of {@link attend}. */
export function describeAttention(name: string, width: number): TensorShapes {
  const packed = {
    [`${name}.in_proj_weight`]: [3 * width, width],
    [`${name}.in_proj_bias`]: [3 * width],
  };
  return mergeShapes(
    { parameters: packed, statistics: {} },
    describeLinear(`${name}.out_proj`, width, width),
  );
}

function takeProjection(parameters: Parameters, name: string): { weight: tf.Tensor2D; bias: tf.Tensor1D } {
  return {
    weight: take(parameters, `${name}.in_proj_weight`) as tf.Tensor2D,
    bias: take(parameters, `${name}.in_proj_bias`) as tf.Tensor1D,
  };
}
