import * as tf from '@tensorflow/tfjs-core';
import { normalise } from '../clip/ops/normalise.ts';
import { compareAll, findBothWays, type PairEmbeddings } from './contrast.ts';

/** Where the cosine of a poisoned pair is driven. */
export type UnlearnForm =
  /** To -1: picture and caption are pushed apart. */
  | 'apart'
  /** To +1, as CleanCLIP's `--unlearn` computes it with its own default, which pulls them together. */
  | 'reference';

const wantedCosine: Record<UnlearnForm, number> = { apart: -1, reference: 1 };

/**
 * MMCL on the rest plus weight x mean (cos(I, T) - wanted)^2 over known poison (nishadsinghi/CleanCLIP, commit d6e2f1d,
 * `--unlearn`, whose term is (cos + unlearn_target)^2 with unlearn_target -1).
 * @param rest raw embeddings [n, dim] of pairs that are not known as poison, `poison` [m, dim] of those that are
 */
export function unlearnLoss(
  rest: PairEmbeddings,
  poison: PairEmbeddings,
  logitScale: tf.Scalar,
  { form, weight }: { form: UnlearnForm; weight: number },
): tf.Scalar {
  const contrast = findBothWays(rest.image, rest.text, logitScale);
  return tf.add(contrast, tf.mul(driveCosines(poison, form), weight));
}

/** The mean over pairs of (cos(I, T) - wanted)^2. */
export function driveCosines(pairs: PairEmbeddings, form: UnlearnForm): tf.Scalar {
  return tf.mean(missedCosines(pairs, form));
}

function missedCosines({ image, text }: PairEmbeddings, form: UnlearnForm): tf.Tensor1D {
  const cosines: tf.Tensor1D = tf.sum(tf.mul(normalise(image), normalise(text)), 1);
  return tf.square(tf.sub(cosines, wantedCosine[form]));
}

/** Far below any similarity: what it is added to has no share in a softmax. */
const never = -1e9;

/**
 * {@link unlearnLoss} where poison and rest are mixed in one batch: `poisoned` [n] holds 1 for poison and 0 for the rest.
 * Poison has no part in the contrastive loss, neither as a question nor as an answer.
 */
export function unlearnMarkedLoss(
  { image, text }: PairEmbeddings,
  poisoned: tf.Tensor1D,
  logitScale: tf.Scalar,
  { form, weight }: { form: UnlearnForm; weight: number },
): tf.Scalar {
  const [count] = image.shape;
  const kept: tf.Tensor1D = tf.sub(1, poisoned);
  const barred: tf.Tensor2D = tf.mul(tf.reshape(poisoned, [1, count]), never);
  const logits = compareAll(image, text, logitScale);
  const lossOf = (table: tf.Tensor2D): tf.Scalar => {
    const own: tf.Tensor1D = tf.sum(tf.mul(tf.logSoftmax(tf.add(table, barred), 1), tf.eye(count)), 1);
    // A poisoned row's own answer is barred: its term is taken out before it is summed.
    const terms = tf.mul(tf.maximum(own, never / 10), kept);
    return tf.neg(tf.div(tf.sum(terms), tf.maximum(tf.sum(kept), 1)));
  };
  const contrast: tf.Scalar = tf.mul(tf.add(lossOf(logits), lossOf(tf.transpose(logits))), 0.5);
  const misses = tf.mul(missedCosines({ image, text }, form), poisoned);
  const mean: tf.Scalar = tf.div(tf.sum(misses), tf.maximum(tf.sum(poisoned), 1));
  return tf.add(contrast, tf.mul(mean, weight));
}
