import * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import { clipMean, clipStd } from '#core/pixels/preprocess.ts';
import type { Rectangle } from '#core/triggers/frame.ts';
import { encodeImage } from '../clip/clip.ts';
import { differentiate } from '../clip/differentiate.ts';
import { normalise } from '../clip/ops/normalise.ts';
import { type Parameters, type Statistics, take } from '../clip/parameters.ts';
import type { Step } from '../compiled-step.ts';
import { referenceAdamw } from '../training/optimisers/adamw.ts';

/** By how much a triggered picture must be nearer to a real one of the target than to itself without the trigger. */
export const tripletMargin = 0.2;

/** A frozen model and where the patch lies in its pictures, in its own pixels. */
export interface PatchSetting {
  model: { spec: ModelSpec; parameters: Parameters; statistics: Statistics };
  places: readonly Rectangle[];
}

/** What a patch meets: pixels [n, side, side, 3] normalised; unit embeddings [n, dim] of the same and of real target pictures. */
export interface PatchBatch {
  pixels: tf.Tensor4D;
  own: tf.Tensor2D;
  /** null where no real picture of the target is known. */
  real: tf.Tensor2D | null;
  /** Unit embedding [1, dim] of the target's text. */
  text: tf.Tensor2D;
}

/** Lays a patch [size, size, 3] with values in [0, 1] on normalised pixels; what it covers has no gradient. */
export function layPatch(pixels: tf.Tensor4D, patch: tf.Tensor3D, places: readonly Rectangle[]): tf.Tensor4D {
  const [, height, width] = pixels.shape;
  const size = patch.shape[0];
  const normal: tf.Tensor3D = tf.div(tf.sub(patch, tf.tensor1d([...clipMean])), tf.tensor1d([...clipStd]));
  const ones = tf.ones([size, size, 1]) as tf.Tensor3D;
  return places.reduce<tf.Tensor4D>((ground, { left, top }) => {
    const rows: [number, number] = [top, height - top - size];
    const columns: [number, number] = [left, width - left - size];
    const layer = tf.pad3d(normal, [rows, columns, [0, 0]]);
    const covered = tf.pad3d(ones, [rows, columns, [0, 0]]);
    return tf.add(tf.mul(ground, tf.sub(1, covered)), layer);
  }, pixels);
}

/**
 * After BadCLIP (Liang et al. 2024, arXiv 2311.12075, dual embeddings): 1 - cosine of triggered picture and target text
 * (textual), plus, where real pictures of the target are known, max(0, cosine to the picture itself - cosine to a real
 * one + margin) (visual), each the mean over the batch. The paper's textual term is a cross-entropy over texts; the
 * cosine needs no other classes.
 */
export function patchLoss(
  { model, places }: PatchSetting,
  patch: tf.Tensor3D,
  { pixels, own, real, text }: PatchBatch,
): { loss: tf.Scalar; similarity: tf.Scalar } {
  const { spec, parameters, statistics } = model;
  const laid = layPatch(pixels, patch, places);
  const { embeddings } = encodeImage(spec.clip, parameters, statistics, laid, { training: false });
  const seen = normalise(embeddings);
  const cosineTo = (other: tf.Tensor2D): tf.Tensor1D => tf.sum(tf.mul(seen, other), 1);
  const similarity: tf.Scalar = tf.mean(cosineTo(text));
  const textual: tf.Scalar = tf.sub(1, similarity);
  if (real === null) return { loss: textual, similarity };
  const visual: tf.Scalar = tf.mean(tf.relu(tf.add(tf.sub(cosineTo(own), cosineTo(real)), tripletMargin)));
  return { loss: tf.add(textual, visual), similarity };
}

/** The variables of {@link createPatchStep}: the patch and, all 0 at first, its moments. */
export const patchVariables = { name: 'patch', variable: 'patch', moments: ['first', 'second'] } as const;

/**
 * One step of Adam on the patch, which is then cut to [0, 1]: [pixels, own, text, the optimiser's factors, real if any]
 * to [loss, similarity].
 */
export function createPatchStep(setting: PatchSetting): Step {
  return ([pixels, own, text, share, stepSize, epsilon, real], state) => {
    const batch = { pixels, own, text, real: real ?? null } as PatchBatch;
    const { loss, extra, gradients } = differentiate({ patch: state.read('patch') }, (given) => {
      const { loss: value, similarity } = patchLoss(setting, given.patch as tf.Tensor3D, batch);
      return { loss: value, extra: { similarity } };
    });
    const factors = [share, stepSize, epsilon] as tf.Scalar[];
    referenceAdamw.update(state, patchVariables, take(gradients, 'patch'), factors);
    state.update('patch', (patch) => tf.clipByValue(patch, 0, 1));
    return [loss, take(extra, 'similarity')];
  };
}
