import * as tf from '@tensorflow/tfjs-core';
import { findBothWays, findOwn, type PairEmbeddings } from '../losses/contrast.ts';

export type { PairEmbeddings };

/**
 * The multimodal contrastive loss (CleanCLIP, arXiv 2303.03323, equation 1): the mean of the cross-entropies of finding
 * each image's text and each text's image. logitScale is the stored parameter, whose exponential multiplies the cosines.
 */
export function mmclLoss({ image, text }: PairEmbeddings, logitScale: tf.Scalar): tf.Scalar {
  return findBothWays(image, text, logitScale);
}

/**
 * The self-supervised loss (CleanCLIP, section 4): each image must find its augmented view among all augmented views,
 * and each text likewise; one direction, the same logit scale; the mean of both.
 */
export function selfSupervisedLoss(
  originals: PairEmbeddings,
  augmented: PairEmbeddings,
  logitScale: tf.Scalar,
): tf.Scalar {
  const image = findOwn(originals.image, augmented.image, logitScale);
  const text = findOwn(originals.text, augmented.text, logitScale);
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
