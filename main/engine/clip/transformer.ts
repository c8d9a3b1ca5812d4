import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '#contract/clip-config.ts';
import { attend, attendFrom, describeAttention } from './attention.ts';
import { describeLayerNorm, layerNorm } from './layer-norm.ts';
import { describeLinear, linear } from './linear.ts';
import { gelu } from './ops/gelu.ts';
import { quickGelu } from './ops/quick-gelu.ts';
import { mergeShapes, type Parameters, type TensorShapes } from './parameters.ts';

export interface TransformerConfig {
  width: number;
  heads: number;
  layers: number;
}

const activations = { quick_gelu: quickGelu, gelu } satisfies Record<
  Activation,
  (x: tf.Tensor2D) => tf.Tensor2D
>;

export interface Sequences {
  /** [batch * length, width]. */
  rows: tf.Tensor2D;
  batch: number;
  /** [length, length], added to the attention scores; null where all see all. */
  mask: tf.Tensor2D | null;
}

/** The one position of each sequence whose features are wanted. */
export interface Readout {
  /** [batch, length, width] to [batch, width]. */
  pick(x: tf.Tensor3D): tf.Tensor2D;
  /** What that position sees: [batch, 1, 1, length], added to the attention scores; null where it sees all. */
  mask: tf.Tensor4D | null;
}

/** What a tower does between its blocks. */
export interface BlockHooks {
  /** What goes into a block, in place of `rows` [batch * length, width]; the length may change. */
  enter?(layer: number, rows: tf.Tensor2D): tf.Tensor2D;
  /** The hidden layer of the block's MLP after its nonlinearity, and the name of the layer that reads it. */
  hidden?(name: string, values: tf.Tensor2D): void;
  /** The wanted position of each sequence as it leaves a block, [batch, width]. */
  leave?(layer: number, picked: tf.Tensor2D): void;
}

/**
 * Residual attention blocks (Radford et al. 2021, 2.4), named `NAME.resblocks.N`; gives the features
 * [batch, width] of one position per sequence. Nothing depends on the last block's other positions, so that block
 * works on the one alone: most of its cost is saved and the result is the same.
 */
export function runTransformer(
  config: TransformerConfig,
  activation: Activation,
  parameters: Parameters,
  name: string,
  sequences: Sequences,
  readout: Readout,
  hooks: BlockHooks = {},
): tf.Tensor2D {
  const { batch, mask } = sequences;
  const { heads, layers, width } = config;
  const pick = (rows: tf.Tensor2D) =>
    readout.pick(tf.reshape(rows, [batch, (rows.shape[0] as number) / batch, width]));
  let x = sequences.rows;
  for (let layer = 0; layer < layers; layer++) {
    const block = `${name}.resblocks.${layer}`;
    const attention = `${block}.attn`;
    if (hooks.enter) x = hooks.enter(layer, x);
    const normal = layerNorm(parameters, `${block}.ln_1`, x);
    const change =
      layer < layers - 1
        ? attend(parameters, attention, normal, { batch, heads, mask })
        : attendFrom(parameters, attention, pick(normal), normal, { batch, heads, mask: readout.mask });
    x = tf.add(layer < layers - 1 ? x : pick(x), change);
    const before = linear(parameters, `${block}.mlp.c_fc`, layerNorm(parameters, `${block}.ln_2`, x));
    const hidden = activations[activation](before);
    hooks.hidden?.(`${block}.mlp.c_proj`, hidden);
    x = tf.add(x, linear(parameters, `${block}.mlp.c_proj`, hidden));
    hooks.leave?.(layer, layer < layers - 1 ? pick(x) : x);
  }
  return x;
}

/** The tensors of {@link runTransformer}. */
export function describeTransformer({ width, layers }: TransformerConfig, name: string): TensorShapes {
  const blocks = Array.from({ length: layers }, (_, layer) => {
    const block = `${name}.resblocks.${layer}`;
    return mergeShapes(
      describeLayerNorm(`${block}.ln_1`, width),
      describeAttention(`${block}.attn`, width),
      describeLayerNorm(`${block}.ln_2`, width),
      describeLinear(`${block}.mlp.c_fc`, width, 4 * width),
      describeLinear(`${block}.mlp.c_proj`, 4 * width, width),
    );
  });
  return mergeShapes(...blocks);
}
