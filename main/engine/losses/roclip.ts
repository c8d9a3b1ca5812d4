import type * as tf from '@tensorflow/tfjs-core';
import { findBothWays } from './contrast.ts';
import { takeNearest } from './nearest.ts';

/**
 * RoCLIP's matching (NeurIPS 2023; BigML-CS-UCLA/RoCLIP, commit f34a929): each picture is paired with the caption of a
 * pool that is nearest to it, (CE(s I N') + CE(s N I')) / 2. Neither the pool nor the pair's own caption has a gradient.
 * @param image raw embeddings [n, dim]
 * @param pool raw embeddings [size, dim] of captions seen before
 */
export function roclipLoss(image: tf.Tensor2D, pool: tf.Tensor2D, logitScale: tf.Scalar): tf.Scalar {
  return findBothWays(image, takeNearest(image, pool), logitScale);
}
