import * as tf from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { ClipConfig } from '#contract/clip-config.ts';
import type { imageAugmentationShape, pairViewShape } from '#contract/methods/common-settings.ts';
import type { Statistics } from '../../clip/parameters.ts';
import type { PairEmbeddings } from '../../training/losses.ts';
import type { StepInputs } from '../training-method.ts';
import type { BatchRecipe } from './batch-recipe.ts';
import { encodePairs } from './encode-pairs.ts';

type ViewSettings = z.infer<z.ZodObject<typeof imageAugmentationShape & typeof pairViewShape>>;

/** Pairs, followed by one changed view of each picture, of the original as the batch has it, and of each caption. */
export function batchOfTwoViews(settings: ViewSettings): BatchRecipe {
  const { viewAugmentation, textAugmentation } = settings;
  return {
    pictures: [
      { of: 'record', change: settings.imageAugmentation },
      viewAugmentation === 'autoaugment-full'
        ? { of: 'whole', change: 'autoaugment' }
        : { of: 0, change: viewAugmentation },
    ],
    texts: ['none', textAugmentation],
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
  given: StepInputs,
): { originals: PairEmbeddings; augmented: PairEmbeddings; logitScale: tf.Scalar; statistics: Statistics } {
  const { pairs, logitScale, statistics } = encodePairs(clip, given);
  return { ...splitViews(pairs), logitScale, statistics };
}

/** Embeddings of originals and, after them, of as many views. */
export function splitViews({ image, text }: PairEmbeddings): {
  originals: PairEmbeddings;
  augmented: PairEmbeddings;
} {
  const [ownImage, augmentedImage] = halve(image);
  const [ownText, augmentedText] = halve(text);
  return {
    originals: { image: ownImage, text: ownText },
    augmented: { image: augmentedImage, text: augmentedText },
  };
}

function halve(x: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D] {
  return tf.split(x, 2, 0) as [tf.Tensor2D, tf.Tensor2D];
}
