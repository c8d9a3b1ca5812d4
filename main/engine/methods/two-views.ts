import * as tf from '@tensorflow/tfjs-core';
import type { ClipConfig } from '#contract/clip-config.ts';
import { encodeImage, encodeText } from '../clip/clip.ts';
import { type Statistics, take } from '../clip/parameters.ts';
import type { PairEmbeddings } from '../training/losses.ts';
import type { BatchRecipe } from './batch-recipe.ts';
import type { StepInputs } from './training-method.ts';

/** Pairs, followed by one changed view of each picture, of the original as the batch has it, and of each caption. */
export function batchOfTwoViews(settings: {
  imageAugmentation: 'none' | 'shift';
  viewAugmentation: 'small' | 'autoaugment';
}): BatchRecipe {
  return {
    pictures: [
      { of: 'record', change: settings.imageAugmentation },
      { of: 0, change: settings.viewAugmentation },
    ],
    texts: ['none', 'reword'],
    labels: false,
    rows: false,
  };
}

/**
 * Embeddings of originals and of views, from a batch by {@link batchOfTwoViews}. Both go through the towers, and so
 * through batch norm, as one batch, as in the reference implementation.
 */
export function encodeTwoViews(
  clip: ClipConfig,
  { parameters, statistics: before, batch }: StepInputs,
): { originals: PairEmbeddings; augmented: PairEmbeddings; logitScale: tf.Scalar; statistics: Statistics } {
  const pixels = take(batch, 'pixels') as tf.Tensor4D;
  const { embeddings, statistics } = encodeImage(clip, parameters, before, pixels, { training: true });
  const [image, augmentedImage] = halve(embeddings);
  const [text, augmentedText] = halve(encodeText(clip, parameters, take(batch, 'tokens') as tf.Tensor2D));
  return {
    originals: { image, text },
    augmented: { image: augmentedImage, text: augmentedText },
    logitScale: take(parameters, 'logit_scale') as tf.Scalar,
    statistics,
  };
}

function halve(x: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D] {
  return tf.split(x, 2, 0) as [tf.Tensor2D, tf.Tensor2D];
}
