import * as tf from '@tensorflow/tfjs-core';
import { clipMean, clipStd } from '#core/pixels/preprocess.ts';
import { encodeImage } from '../clip/clip.ts';
import { differentiate } from '../clip/differentiate.ts';
import { normalise } from '../clip/ops/normalise.ts';
import { type Parameters, take } from '../clip/parameters.ts';
import type { Step } from '../compiled-step.ts';
import type { LoadedModel } from '../evaluation/embed.ts';
import { pairwiseCosineLoss } from '../losses/decree.ts';
import { createAdamw } from '../training/optimisers/adamw.ts';

/** DECREE's Adam, without decay. */
export const scanOptimiser = createAdamw({
  meanDecay: 0.5,
  varianceDecay: 0.9,
  epsilon: 1e-8,
  decays: () => false,
});

/** The variables of {@link createScanStep}: mask and pattern and, all 0 at first, their moments. */
export const scanVariables = (['mask', 'pattern'] as const).map((name) => ({
  name,
  variable: name,
  moments: scanOptimiser.moments.map((moment) => `${name}/${moment}`),
}));

/** Keeps the ends of [0, 1] within reach. */
const epsilon = 1e-7;

/** Any values as shares in (0, 1). */
const toShares = <T extends tf.Tensor>(values: T): T =>
  tf.add(tf.div(tf.tanh(values), 2 - epsilon), 0.5) as T;

/** The value that {@link toShares} brings to a share in [0, 1]. */
export const fromShare = (share: number): number => Math.atanh((share - 0.5) * (2 - epsilon));

/** A mask [side, side, 1] and a pattern [side, side, 3], as the optimiser holds them. */
export function readTrigger(free: Parameters): { mask: tf.Tensor3D; pattern: tf.Tensor3D } {
  return { mask: toShares(free.mask as tf.Tensor3D), pattern: toShares(free.pattern as tf.Tensor3D) };
}

/** Normalised pixels with the trigger: (1 - mask) x picture + mask x pattern. */
function layTrigger(pixels: tf.Tensor4D, { mask, pattern }: ReturnType<typeof readTrigger>): tf.Tensor4D {
  const colours = tf.div(tf.sub(pattern, tf.tensor1d([...clipMean])), tf.tensor1d([...clipStd]));
  return tf.add(tf.mul(pixels, tf.sub(1, mask)), tf.mul(colours, mask));
}

/**
 * One step of Adam on mask and pattern, which are {@link scanVariables}: [pixels, lambda, the optimiser's factors] to
 * [mean cosine, size of the mask over three channels, mask, pattern], all of the trigger before the step.
 */
export function createScanStep({ spec, parameters, statistics }: LoadedModel): Step {
  return ([pixels, lambda, ...factors], state) => {
    const free = { mask: state.read('mask'), pattern: state.read('pattern') };
    const { extra, gradients } = differentiate(free, (given) => {
      const trigger = readTrigger(given);
      const laid = layTrigger(pixels as tf.Tensor4D, trigger);
      const { embeddings } = encodeImage(spec.clip, parameters, statistics, laid, { training: false });
      const apart = pairwiseCosineLoss(embeddings);
      const size: tf.Scalar = tf.mul(tf.sum(trigger.mask), 3);
      const loss: tf.Scalar = tf.add(apart, tf.mul(size, lambda as tf.Scalar));
      return { loss, extra: { cosine: tf.neg(apart), size } };
    });
    const before = [tf.clone(free.mask), tf.clone(free.pattern)];
    for (const tensor of scanVariables) {
      scanOptimiser.update(state, tensor, take(gradients, tensor.name), factors as tf.Scalar[]);
    }
    return [take(extra, 'cosine'), take(extra, 'size'), ...before];
  };
}

/** Unit embeddings of pictures under a trigger: [mask, pattern, pixels] to [n, embedDim]. */
export function createTriggeredEmbedding({ spec, parameters, statistics }: LoadedModel): Step {
  return ([mask, pattern, pixels]) => {
    const laid = layTrigger(pixels as tf.Tensor4D, readTrigger({ mask: mask!, pattern: pattern! }));
    const { embeddings } = encodeImage(spec.clip, parameters, statistics, laid, { training: false });
    return [normalise(embeddings)];
  };
}
