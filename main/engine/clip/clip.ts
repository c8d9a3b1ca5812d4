import type * as tf from '@tensorflow/tfjs-core';
import type { Activation, ClipConfig, ModelSpec } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Pass } from './batch-norm.ts';
import { describeLinear, linear } from './linear.ts';
import { normalisePixels } from './ops/normalise-pixels.ts';
import { mergeShapes, type Parameters, type Statistics, type TensorShapes } from './parameters.ts';
import { describeResNet, encodeByResNet } from './resnet.ts';
import { describeTextTower, encodeByTextTower } from './text-tower.ts';
import { describeVit, encodeByVit } from './vit.ts';
import type { Watch } from './watch.ts';

/** Name of the linear head that supervised repair puts on the image tower. */
const head = 'head';

export interface ImageEncoding {
  /** [n, embedDim], not normalised. */
  embeddings: tf.Tensor2D;
  /** Running statistics after this batch; the ones given where nothing was trained. */
  statistics: Statistics;
}

/**
 * Image embeddings of pixels [n, resolution, resolution, 3]: bytes, or float32 normalised by CLIP's mean and deviation.
 * In training the batch norms use the batch's own statistics and give new running ones. `isUsedOnly`: no gradient will
 * be taken, so that faster kernels serve which have none.
 */
export function encodeImage(
  clip: ClipConfig,
  parameters: Parameters,
  statistics: Statistics,
  pixels: tf.Tensor4D,
  { training, isUsedOnly = false, watch }: { training: boolean; isUsedOnly?: boolean; watch?: Watch },
): ImageEncoding {
  const { image } = clip;
  checkPixels(image.resolution, pixels);
  const x = normalisePixels(pixels, clip.normalisation);
  if (image.kind === 'vit')
    return { embeddings: encodeByVit(image, activationOf(clip), parameters, x, watch), statistics };
  const pass: Pass = { parameters, statistics, training, isUsedOnly, updated: {}, watch };
  const embeddings = encodeByResNet(image, pass, x);
  return { embeddings, statistics: { ...statistics, ...pass.updated } };
}

/** Text embeddings [n, embedDim], not normalised, of tokens [n, length] int32 with length at most the context's. */
export function encodeText(clip: ClipConfig, parameters: Parameters, tokens: tf.Tensor2D): tf.Tensor2D {
  return encodeByTextTower(clip.text, activationOf(clip), parameters, tokens);
}

/** Class scores [n, classes] of a linear head on image embeddings [n, embedDim] before normalisation. */
export function classify(parameters: Parameters, embeddings: tf.Tensor2D): tf.Tensor2D {
  return linear(parameters, head, embeddings);
}

/** Every tensor of a model, with its shape in the engine's layout. */
export function describeModel(spec: Pick<ModelSpec, 'clip' | 'headClasses'>): TensorShapes {
  const { clip, headClasses } = spec;
  const { image, text, embedDim } = clip;
  const visual = image.kind === 'vit' ? describeVit(image, embedDim) : describeResNet(image, embedDim);
  return mergeShapes(
    visual,
    describeTextTower(text, embedDim),
    { parameters: { logit_scale: [] }, statistics: {} },
    headClasses === null
      ? { parameters: {}, statistics: {} }
      : describeLinear(head, embedDim, headClasses.length),
  );
}

function activationOf({ activation }: ClipConfig): Activation {
  return activation ?? 'quick_gelu';
}

function checkPixels(resolution: number, pixels: tf.Tensor4D): void {
  const [, height, width, channels] = pixels.shape;
  if (height === resolution && width === resolution && channels === 3) return;
  throw new WorkbenchError(
    'bad-input',
    `The model takes pictures of ${resolution}x${resolution} with 3 channels, not ${height}x${width} with ${channels}.`,
    { resolution, shape: pixels.shape },
  );
}
