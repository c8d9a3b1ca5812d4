import type * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import { classify, encodeImage, encodeText } from '../clip/clip.ts';
import type { Parameters, Statistics } from '../clip/parameters.ts';
import { type CompiledStep, compileStep } from '../compiled-step.ts';
import type { TextEncoder } from '../text-encoder.ts';
import { toPixelTensor } from '../training/feeding/image-batch.ts';
import { toTokenTensor } from '../training/feeding/text-batch.ts';

export interface LoadedModel {
  spec: ModelSpec;
  parameters: Parameters;
  statistics: Statistics;
}

/** A model as a person uses it: batch norms by their running statistics, nothing trained. */
export interface Embedder {
  /** Raw embeddings of pictures, row-major [n, embedDim]; raw pixels [n, side, side, 3] at the model's resolution. */
  embedImages(pixels: Uint8Array): Promise<Float32Array>;
  /** Raw embeddings of texts, row-major [n, embedDim]. */
  embedTexts(texts: readonly string[]): Promise<Float32Array>;
  /** Scores of the model's linear head, row-major [n, headClasses]. */
  scoreImages(pixels: Uint8Array): Promise<Float32Array>;
  dispose(): void;
}

/** The model stays the caller's and must outlive the embedder. */
export function createEmbedder({ spec, parameters, statistics }: LoadedModel, encode: TextEncoder): Embedder {
  const { clip } = spec;
  const constants = [...Object.values(parameters), ...Object.values(statistics)];
  const embed = (pixels: tf.Tensor) =>
    encodeImage(clip, parameters, statistics, pixels as tf.Tensor4D, { training: false, isUsedOnly: true })
      .embeddings;
  const images = compileStep(([pixels]) => [embed(pixels!)], { name: 'embed images', constants });
  const scores = compileStep(([pixels]) => [classify(parameters, embed(pixels!))], {
    name: 'score images',
    constants,
  });
  const texts = compileStep(([tokens]) => [encodeText(clip, parameters, tokens as tf.Tensor2D)], {
    name: 'embed texts',
    constants,
  });
  return {
    embedImages: (pixels) => runToArray(images, toPixelTensor(pixels, clip.image.resolution)),
    scoreImages: (pixels) => runToArray(scores, toPixelTensor(pixels, clip.image.resolution)),
    embedTexts: (list) => runToArray(texts, toTokenTensor(list.map(encode), clip.text.contextLength)),
    dispose() {
      for (const step of [images, scores, texts]) step.dispose();
    },
  };
}

/** Takes over the input: it is disposed. */
async function runToArray(step: CompiledStep, input: tf.Tensor): Promise<Float32Array> {
  try {
    const [output] = await step.run([input]);
    try {
      return (await output!.data<'float32'>()) as Float32Array;
    } finally {
      output!.dispose();
    }
  } finally {
    input.dispose();
  }
}
