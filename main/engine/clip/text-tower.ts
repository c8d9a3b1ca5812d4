import * as tf from '@tensorflow/tfjs-core';
import type { Activation, TextTowerConfig } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { describeLayerNorm, layerNorm } from './layer-norm.ts';
import { lookUp } from './ops/embedding.ts';
import { multiply } from './ops/matrices.ts';
import { encodeOneHot } from './ops/one-hot.ts';
import { pickRows } from './ops/pick-rows.ts';
import { mergeShapes, type Parameters, type TensorShapes, take } from './parameters.ts';
import { describeTransformer, runTransformer } from './transformer.ts';

/**
 * CLIP's text transformer (Radford et al. 2021, 2.4). tokens [n, length] int32 with length at most the context's;
 * the feature is taken where the id is largest, which is the end token. Gives [n, embedDim], not normalised.
 * A matrix cut to its longest caption gives what the full one gives: no position sees a later one.
 */
export function encodeByTextTower(
  config: TextTowerConfig,
  activation: Activation,
  parameters: Parameters,
  tokens: tf.Tensor2D,
): tf.Tensor2D {
  const [batch, length] = tokens.shape;
  if (length > config.contextLength) {
    throw new WorkbenchError(
      'bad-input',
      `Texts of ${length} tokens do not fit a model that reads ${config.contextLength}: cut them first.`,
      { length, contextLength: config.contextLength },
    );
  }
  const table = take(parameters, 'token_embedding.weight') as tf.Tensor2D;
  const embedded = tf.reshape(lookUp(table, tf.reshape(tokens, [batch * length])), [
    batch,
    length,
    config.width,
  ]);
  const positions = tf.slice(take(parameters, 'positional_embedding'), [0, 0], [length, config.width]);
  const rows: tf.Tensor2D = tf.reshape(tf.add(embedded, positions), [batch * length, config.width]);
  const mask = causalMask(length);
  const ends = encodeOneHot(tf.argMax(tokens, 1), length);
  const sequences = { rows, batch, mask };
  const readout = {
    pick: (x: tf.Tensor3D) => pickRows(x, ends),
    mask: tf.reshape(tf.matMul(ends, mask), [batch, 1, 1, length]) as tf.Tensor4D,
  };
  const x = runTransformer(config, activation, parameters, 'transformer', sequences, readout);
  const features = layerNorm(parameters, 'ln_final', x);
  return multiply(features, take(parameters, 'text_projection') as tf.Tensor2D);
}

/** The tensors of {@link encodeByTextTower}. */
export function describeTextTower(config: TextTowerConfig, embedDim: number): TensorShapes {
  const { contextLength, vocabularySize, width } = config;
  const own = {
    'token_embedding.weight': [vocabularySize, width],
    positional_embedding: [contextLength, width],
    text_projection: [width, embedDim],
  };
  return mergeShapes(
    { parameters: own, statistics: {} },
    describeTransformer(config, 'transformer'),
    describeLayerNorm('ln_final', width),
  );
}

/** What keeps a token from being seen: its weight in a softmax is 0 to the last bit. */
const unseen = -1e9;

/** [length, length] with {@link unseen} above the diagonal: no token sees a later one. */
function causalMask(length: number): tf.Tensor2D {
  const values = new Float32Array(length * length);
  for (let row = 0; row < length; row++) {
    values.fill(unseen, row * length + row + 1, (row + 1) * length);
  }
  return tf.tensor2d(values, [length, length]);
}
