import * as tf from '@tensorflow/tfjs-core';
import { describeLayerNorm, layerNorm } from './layer-norm.ts';
import { describeLinear, linear } from './linear.ts';
import { joinHeads } from './ops/heads.ts';
import { applyLinear } from './ops/linear.ts';
import { quickGelu } from './ops/quick-gelu.ts';
import { mergeShapes, type Parameters, type TensorShapes, take } from './parameters.ts';

export interface TransformerConfig {
  width: number;
  heads: number;
  layers: number;
}

/**
 * Residual attention blocks with QuickGELU (Radford et al. 2021, 2.4), blocks named `NAME.resblocks.N`.
 * rows [batch * length, width]; mask [length, length] is added to the attention scores, null where all see all.
 */
export function runTransformer(
  config: TransformerConfig,
  parameters: Parameters,
  name: string,
  rows: tf.Tensor2D,
  batch: number,
  mask: tf.Tensor2D | null,
): tf.Tensor2D {
  let x = rows;
  for (let layer = 0; layer < config.layers; layer++) {
    const block = `${name}.resblocks.${layer}`;
    const normal = layerNorm(parameters, `${block}.ln_1`, x);
    x = tf.add(x, attend(parameters, `${block}.attn`, normal, { batch, heads: config.heads, mask }));
    const hidden = linear(parameters, `${block}.mlp.c_fc`, layerNorm(parameters, `${block}.ln_2`, x));
    x = tf.add(x, linear(parameters, `${block}.mlp.c_proj`, quickGelu(hidden)));
  }
  return x;
}

/** The tensors of {@link runTransformer}. */
export function describeTransformer({ width, layers }: TransformerConfig, name: string): TensorShapes {
  const blocks = Array.from({ length: layers }, (_, layer) => {
    const block = `${name}.resblocks.${layer}`;
    return mergeShapes(
      describeLayerNorm(`${block}.ln_1`, width),
      {
        parameters: {
          [`${block}.attn.in_proj_weight`]: [3 * width, width],
          [`${block}.attn.in_proj_bias`]: [3 * width],
        },
        statistics: {},
      },
      describeLinear(`${block}.attn.out_proj`, width, width),
      describeLayerNorm(`${block}.ln_2`, width),
      describeLinear(`${block}.mlp.c_fc`, width, 4 * width),
      describeLinear(`${block}.mlp.c_proj`, 4 * width, width),
    );
  });
  return mergeShapes(...blocks);
}

interface AttentionInput {
  batch: number;
  heads: number;
  mask: tf.Tensor2D | null;
}

/** Multi-head self-attention with query, key and value packed in one projection; rows [batch * length, width]. */
function attend(
  parameters: Parameters,
  name: string,
  rows: tf.Tensor2D,
  { batch, heads, mask }: AttentionInput,
): tf.Tensor2D {
  const [count, width] = rows.shape;
  const [length, size] = [count / batch, width / heads];
  const weight = take(parameters, `${name}.in_proj_weight`) as tf.Tensor2D;
  const packed = applyLinear(rows, weight, take(parameters, `${name}.in_proj_bias`) as tf.Tensor1D);
  const split = tf.transpose(tf.reshape(packed, [batch, length, 3, heads, size]), [2, 0, 3, 1, 4]);
  const [query, key, value] = tf.unstack(split) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D]; // [batch, heads, length, size]
  const scores = tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(size));
  const weights = tf.softmax(mask === null ? scores : tf.add(scores, mask));
  return linear(parameters, `${name}.out_proj`, joinHeads(tf.matMul(weights, value)));
}
