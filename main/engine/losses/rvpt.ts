import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from '../clip/ops/cross-entropy.ts';
import { normalise } from '../clip/ops/normalise.ts';
import { compareAll } from './contrast.ts';

export interface RvptInputs {
  /** Image embeddings [n, dim], raw. */
  images: tf.Tensor2D;
  /** What stands for each class, [classes, dim]. */
  classes: tf.Tensor2D;
  /** Class numbers [n] int32. */
  labels: tf.Tensor1D;
  logitScale: tf.Scalar;
  /** Class tokens [n, width] after each block with prompts, and those of the model without any, block by block. */
  tokens: readonly tf.Tensor2D[];
  oldTokens: readonly tf.Tensor2D[];
}

/**
 * RVPT (arXiv 2412.20392, section 4): cross-entropy over the classes' texts + weight x the mean, over blocks and
 * pictures, of the cosine between a class token and that of the model without prompts.
 */
export function rvptLoss(inputs: RvptInputs, weight: number): tf.Scalar {
  const { images, classes, labels, logitScale, tokens, oldTokens } = inputs;
  const supervised = crossEntropy(compareAll(images, classes, logitScale), labels);
  const cosines = tokens.map((token, at) =>
    tf.mean(tf.sum(tf.mul(normalise(token), normalise(oldTokens[at]!)), 1)),
  );
  const repulsion = tf.mul(tf.addN(cosines), 1 / cosines.length);
  return tf.add(supervised, tf.mul(repulsion, weight));
}
