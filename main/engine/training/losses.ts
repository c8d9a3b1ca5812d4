import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from '../clip/ops/cross-entropy.ts';
import { normalise } from '../clip/ops/normalise.ts';

/** Embeddings [n, dim] of n pairs, not normalised; row i of the images belongs to row i of the texts. */
export interface PairEmbeddings {
  image: tf.Tensor2D;
  text: tf.Tensor2D;
}

/**
 * The multimodal contrastive loss (CleanCLIP, arXiv 2303.03323, equation 1): the mean of the cross-entropies of finding
 * each image's text and each text's image. logitScale is the logarithm of the inverse temperature.
 */
export function mmclLoss({ image, text }: PairEmbeddings, logitScale: tf.Scalar): tf.Scalar {
  const logits = compareAll(image, text, logitScale);
  const labels = countUp(image.shape[0]);
  return tf.mul(tf.add(crossEntropy(logits, labels), crossEntropy(tf.transpose(logits), labels)), 0.5);
}

/**
 * The self-supervised loss (CleanCLIP, section 4): each image must find its augmented view among all augmented views,
 * and each text likewise; one direction, the same temperature; the mean of both.
 */
export function selfSupervisedLoss(
  originals: PairEmbeddings,
  augmented: PairEmbeddings,
  logitScale: tf.Scalar,
): tf.Scalar {
  const labels = countUp(originals.image.shape[0]);
  const image = crossEntropy(compareAll(originals.image, augmented.image, logitScale), labels);
  const text = crossEntropy(compareAll(originals.text, augmented.text, logitScale), labels);
  return tf.mul(tf.add(image, text), 0.5);
}

/** MMCL + lambda x self-supervised (CleanCLIP, equation 3). */
export function cleanclipLoss(
  originals: PairEmbeddings,
  augmented: PairEmbeddings,
  logitScale: tf.Scalar,
  lambda: number,
): tf.Scalar {
  const selfSupervised = selfSupervisedLoss(originals, augmented, logitScale);
  return tf.add(mmclLoss(originals, logitScale), tf.mul(selfSupervised, lambda));
}

/** Scaled cosine similarities of every row of a with every row of b, [n, n]. */
function compareAll(a: tf.Tensor2D, b: tf.Tensor2D, logitScale: tf.Scalar): tf.Tensor2D {
  return tf.mul(tf.matMul(normalise(a), normalise(b), false, true), tf.exp(logitScale));
}

function countUp(count: number): tf.Tensor1D {
  return tf.range(0, count, 1, 'int32');
}
