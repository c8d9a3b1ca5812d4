import * as tf from '@tensorflow/tfjs-core';
import { findOwn, type PairEmbeddings } from './contrast.ts';
import { takeNearest } from './nearest.ts';

/**
 * SafeCLIP's unimodal loss (ICML 2024; BigML-CS-UCLA/SafeCLIP, commit 91488ce): within each modality the second view
 * must find the pool's nearest neighbour of the first, (CE(s I2 NN(I1)') + CE(s T2 NN(T1)')) / 2. The first views and
 * the pools have no gradient.
 * @param first raw embeddings [n, dim] of one view of each pair, `second` of another
 * @param pool raw embeddings [size, dim] of pictures and captions seen before
 */
export function safeclipUnimodalLoss(
  first: PairEmbeddings,
  second: PairEmbeddings,
  pool: PairEmbeddings,
  logitScale: tf.Scalar,
): tf.Scalar {
  const image = findOwn(second.image, takeNearest(first.image, pool.image), logitScale);
  const text = findOwn(second.text, takeNearest(first.text, pool.text), logitScale);
  return tf.mul(tf.add(image, text), 0.5);
}
