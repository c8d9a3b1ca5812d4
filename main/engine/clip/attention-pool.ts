import * as tf from '@tensorflow/tfjs-core';
import { mix } from './attention.ts';
import { describeLinear, linear } from './linear.ts';
import { splitHeads } from './ops/heads.ts';
import { mergeShapes, type Parameters, type TensorShapes, take } from './parameters.ts';

/**
 * CLIP's attention pooling (Radford et al. 2021, 2.4): the mean of all positions asks, all positions and the mean answer.
 * x [n, h, w, channels]; gives [n, outputs].
 */
export function poolByAttention(
  parameters: Parameters,
  name: string,
  x: tf.Tensor4D,
  heads: number,
): tf.Tensor2D {
  const [batch, height, width, channels] = x.shape;
  const count = height * width + 1;
  const positions = tf.reshape(x, [batch, height * width, channels]);
  const withMean = tf.concat([tf.mean(positions, 1, true), positions], 1);
  const tokens = tf.add(withMean, take(parameters, `${name}.positional_embedding`));
  const rows = tf.reshape(tokens, [batch * count, channels]) as tf.Tensor2D;
  const mean = tf.reshape(tf.slice(tokens, [0, 0, 0], [batch, 1, channels]), [
    batch,
    channels,
  ]) as tf.Tensor2D;

  const query = splitHeads(linear(parameters, `${name}.q_proj`, mean), batch, heads); // [n, heads, 1, size]
  const key = splitHeads(linear(parameters, `${name}.k_proj`, rows), batch, heads); // [n, heads, count, size]
  const value = splitHeads(linear(parameters, `${name}.v_proj`, rows), batch, heads);
  return linear(parameters, `${name}.c_proj`, mix(query, key, value, null));
}

/** The tensors of {@link poolByAttention} for a map of so many positions. */
export function describeAttentionPool(
  name: string,
  positions: number,
  channels: number,
  outputs: number,
): TensorShapes {
  return mergeShapes(
    { parameters: { [`${name}.positional_embedding`]: [positions + 1, channels] }, statistics: {} },
    describeLinear(`${name}.k_proj`, channels, channels),
    describeLinear(`${name}.q_proj`, channels, channels),
    describeLinear(`${name}.v_proj`, channels, channels),
    describeLinear(`${name}.c_proj`, channels, outputs),
  );
}
