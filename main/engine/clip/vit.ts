import * as tf from '@tensorflow/tfjs-core';
import type { Activation, VitConfig } from '#contract/clip-config.ts';
import { convolution, describeConvolution } from './convolution.ts';
import { describeLayerNorm, layerNorm } from './layer-norm.ts';
import { multiply } from './ops/matrices.ts';
import { mergeShapes, type Parameters, type TensorShapes, take } from './parameters.ts';
import { type BlockHooks, describeTransformer, runTransformer } from './transformer.ts';
import type { Watch } from './watch.ts';

/**
 * CLIP's vision transformer (Dosovitskiy et al. 2021; Radford et al. 2021, 2.4): patches, a class token, a layer norm
 * before and after; with prompts, learned tokens stand behind the class token in the later blocks, new ones in each
 * (VPT-deep: Jia et al., ECCV 2022, 3.2). pixels [n, resolution, resolution, 3] normalised; gives [n, embedDim], not
 * normalised.
 */
export function encodeByVit(
  config: VitConfig,
  activation: Activation,
  parameters: Parameters,
  pixels: tf.Tensor4D,
  watch: Watch = {},
): tf.Tensor2D {
  const { patchSize, width } = config;
  const [batch] = pixels.shape;
  const patches = convolution(parameters, 'visual.conv1', pixels, { stride: patchSize, padding: 0 });
  const count = countPatches(config);
  const classToken = tf.reshape(take(parameters, 'visual.class_embedding'), [1, 1, width]);
  const tokens = tf.concat(
    [tf.tile(classToken, [batch, 1, 1]), tf.reshape(patches, [batch, count, width])],
    1,
  );
  const placed = tf.add(tokens, take(parameters, 'visual.positional_embedding'));
  const rows: tf.Tensor2D = tf.reshape(placed, [batch * (count + 1), width]);
  const normal = layerNorm(parameters, 'visual.ln_pre', rows);
  const sequences = { rows: normal, batch, mask: null };
  const readout = { pick: pickFirst, mask: null };
  const hooks: BlockHooks = {
    ...(config.prompts ? { enter: insertPrompts(config.prompts, parameters, batch) } : {}),
    ...(watch.units ? { hidden: watch.units } : {}),
    ...(watch.classToken ? { leave: watch.classToken } : {}),
  };
  const x = runTransformer(config, activation, parameters, 'visual.transformer', sequences, readout, hooks);
  const features = layerNorm(parameters, 'visual.ln_post', x);
  return multiply(features, take(parameters, 'visual.proj') as tf.Tensor2D);
}

/** The tensors of {@link encodeByVit}. */
export function describeVit(config: VitConfig, embedDim: number): TensorShapes {
  const { patchSize, width } = config;
  const own = {
    'visual.class_embedding': [width],
    'visual.positional_embedding': [countPatches(config) + 1, width],
    'visual.proj': [width, embedDim],
  };
  return mergeShapes(
    describeConvolution('visual.conv1', patchSize, 3, width),
    { parameters: { ...own, ...describePrompts(config) }, statistics: {} },
    describeLayerNorm('visual.ln_pre', width),
    describeTransformer(config, 'visual.transformer'),
    describeLayerNorm('visual.ln_post', width),
  );
}

/** A block's prompts are a parameter of this name and its number. */
export const promptPrefix = 'visual.prompts.';

function describePrompts({ prompts, layers, width }: VitConfig): Record<string, number[]> {
  if (prompts === undefined) return {};
  const { count, fromLayer } = prompts;
  const blocks = Array.from({ length: layers - fromLayer }, (_, at) => fromLayer + at);
  return Object.fromEntries(blocks.map((layer) => [`${promptPrefix}${layer}`, [count, width]]));
}

/** Puts a block's prompts behind the class token, in place of those of the block before. */
function insertPrompts(
  { count, fromLayer }: NonNullable<VitConfig['prompts']>,
  parameters: Parameters,
  batch: number,
): NonNullable<BlockHooks['enter']> {
  return (layer, rows) => {
    if (layer < fromLayer) return rows;
    const [, width] = rows.shape;
    const x: tf.Tensor3D = tf.reshape(rows, [batch, -1, width]);
    const [, length] = x.shape;
    const old = layer === fromLayer ? 0 : count;
    const classToken = tf.slice(x, [0, 0, 0], [batch, 1, width]);
    const patches = tf.slice(x, [0, 1 + old, 0], [batch, length - 1 - old, width]);
    const prompts = tf.expandDims(take(parameters, `${promptPrefix}${layer}`), 0);
    const everywhere = tf.add(tf.fill([batch, count, width], 0), prompts);
    return tf.reshape(tf.concat([classToken, everywhere, patches], 1), [-1, width]);
  };
}

/** The class token: [n, length, width] to [n, width]. */
function pickFirst(x: tf.Tensor3D): tf.Tensor2D {
  const [batch, , width] = x.shape;
  return tf.reshape(tf.slice(x, [0, 0, 0], [batch, 1, width]), [batch, width]);
}

function countPatches({ resolution, patchSize }: VitConfig): number {
  return Math.floor(resolution / patchSize) ** 2;
}
