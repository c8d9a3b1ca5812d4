import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from '../clip/ops/cross-entropy.ts';
import { multiply } from '../clip/ops/matrices.ts';
import { normalise } from '../clip/ops/normalise.ts';

/** Embeddings [n, dim] of n pairs, not normalised; row i of the images belongs to row i of the texts. */
export interface PairEmbeddings {
  image: tf.Tensor2D;
  text: tf.Tensor2D;
}

/** Scaled cosine similarities of every row of a [n, dim] with every row of b [m, dim], [n, m]; logitScale is the logarithm of the scale. */
export function compareAll(a: tf.Tensor2D, b: tf.Tensor2D, logitScale: tf.Scalar): tf.Tensor2D {
  return tf.mul(multiply(normalise(a), normalise(b), false, true), tf.exp(logitScale));
}

/** Cross-entropy of finding, for each row of a, the row of b with the same number. */
export function findOwn(a: tf.Tensor2D, b: tf.Tensor2D, logitScale: tf.Scalar): tf.Scalar {
  return crossEntropy(compareAll(a, b, logitScale), countUp(a.shape[0]));
}

/** The mean of {@link findOwn} both ways, from one table of similarities. */
export function findBothWays(a: tf.Tensor2D, b: tf.Tensor2D, logitScale: tf.Scalar): tf.Scalar {
  const logits = compareAll(a, b, logitScale);
  const labels = countUp(a.shape[0]);
  return tf.mul(tf.add(crossEntropy(logits, labels), crossEntropy(tf.transpose(logits), labels)), 0.5);
}

function countUp(count: number): tf.Tensor1D {
  return tf.range(0, count, 1, 'int32');
}
