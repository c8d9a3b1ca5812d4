import type * as tf from '@tensorflow/tfjs-core';
import type { ClipConfig } from '#contract/clip-config.ts';
import { encodeImage, encodeText } from '../../clip/clip.ts';
import { type Statistics, take } from '../../clip/parameters.ts';
import type { PairEmbeddings } from '../../losses/contrast.ts';
import type { SplitObjective, StepInputs } from '../training-method.ts';

/** Embeddings of a batch of pairs: `pixels` [n, side, side, 3] and `tokens` [n, length]. */
export function encodePairs(
  clip: ClipConfig,
  { parameters, statistics: before, batch }: Pick<StepInputs, 'parameters' | 'statistics' | 'batch'>,
  training = true,
): { pairs: PairEmbeddings; logitScale: tf.Scalar; statistics: Statistics } {
  const pixels = take(batch, 'pixels') as tf.Tensor4D;
  const { embeddings: image, statistics } = encodeImage(clip, parameters, before, pixels, { training });
  const text = encodeText(clip, parameters, take(batch, 'tokens') as tf.Tensor2D);
  return { pairs: { image, text }, logitScale: take(parameters, 'logit_scale') as tf.Scalar, statistics };
}

/** An objective that compares the embeddings of pairs. */
export const splitOnPairs = (clip: ClipConfig, compare: SplitObjective['compare']): SplitObjective => ({
  encode(given) {
    const { pairs, statistics } = encodePairs(clip, given);
    return { embeddings: pairs, statistics };
  },
  compare,
});
