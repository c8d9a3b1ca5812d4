import * as tf from '@tensorflow/tfjs-core';
import { normalise } from '../clip/ops/normalise.ts';
import { findBothWays, type PairEmbeddings } from './contrast.ts';

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
  const cosines: tf.Tensor1D = tf.sum(tf.mul(normalise(poison.image), normalise(poison.text)), 1);
  const misses: tf.Scalar = tf.mean(tf.square(tf.sub(cosines, wantedCosine[form])));
  return tf.add(findBothWays(rest.image, rest.text, logitScale), tf.mul(misses, weight));
}
