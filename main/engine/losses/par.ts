import * as tf from '@tensorflow/tfjs-core';
import { normalise } from '../clip/ops/normalise.ts';
import { withoutGradient } from '../clip/ops/without-gradient.ts';
import { findBothWays, type PairEmbeddings } from './contrast.ts';

/** What a push away from the poisoned model's embedding weighs beside the contrastive loss. */
const pushWeight = 0.5;

/**
 * Perturb and Recover (arXiv 2412.00727; losses.py of nmndeep/PerturbAndRecover, commit a720440):
 * MMCL - 0.5 (cut(P_image) + cut(P_text)), where P is the mean squared distance, in [0, 4], of a batch's unit embeddings
 * to those of the frozen poisoned model, and cut(p) is p up to `threshold` and 0 above: the push then stops.
 * The logit scale is read, not trained.
 * @param current embeddings [n, dim] of the model in repair, `frozen` those of the poisoned one, of the same pairs
 * @param threshold tau; 2.15 in the paper
 */
export function parLoss(
  current: PairEmbeddings,
  frozen: PairEmbeddings,
  logitScale: tf.Scalar,
  threshold: number,
): tf.Scalar {
  const { image, text } = measureShift(current, frozen);
  const push: tf.Scalar = tf.add(cutAbove(image, threshold), cutAbove(text, threshold));
  const fixedScale = withoutGradient([logitScale], () => logitScale);
  return tf.sub(findBothWays(current.image, current.text, fixedScale), tf.mul(push, pushWeight));
}

/** Mean squared distances, in [0, 4], of unit embeddings to the frozen model's. */
export function measureShift(
  current: PairEmbeddings,
  frozen: PairEmbeddings,
): { image: tf.Scalar; text: tf.Scalar } {
  const shift = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Scalar =>
    tf.mean(tf.sum(tf.squaredDifference(normalise(a), normalise(b)), 1));
  return { image: shift(current.image, frozen.image), text: shift(current.text, frozen.text) };
}

function cutAbove(value: tf.Scalar, threshold: number): tf.Scalar {
  const kept = withoutGradient([value], () => tf.cast(tf.lessEqual(value, threshold), 'float32'));
  return tf.mul(value, kept);
}
