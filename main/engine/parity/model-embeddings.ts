import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '#contract/clip-config.ts';
import { loadRecognised } from '../checkpoints/convert-model.ts';
import { openModelFile } from '../checkpoints/open-model-file.ts';
import { recogniseModel } from '../checkpoints/recognise/recognise-model.ts';
import { encodeImage, encodeText } from '../clip/clip.ts';
import { normalise } from '../clip/ops/normalise.ts';
import { largestDifference } from './compare.ts';
import type { FixtureTensors } from './fixture.ts';

/**
 * The largest difference between a model file's embeddings of unit length and those in the figures.
 * @param activation for files that do not say it; what a file says must be this
 */
export function compareModelFile(file: string, io: FixtureTensors, activation: Activation): number {
  const model = openModelFile(file);
  try {
    const said = recogniseModel(model, null);
    if (said.activationFrom !== null && said.spec.clip.activation !== activation) return Number.NaN;
    const recognised = said.activationFrom === null ? recogniseModel(model, activation) : said;
    const { parameters, statistics } = loadRecognised(recognised);
    const { clip } = recognised.spec;
    const pixels = io.floats('pixels');
    const tokens = io.integers('token_ids');
    try {
      return tf.tidy(() => {
        const [n, channels, height, width] = pixels.shape as [number, number, number, number];
        const nchw = tf.tensor4d(pixels.data, [n, channels, height, width]);
        const nhwc: tf.Tensor4D = tf.transpose(nchw, [0, 2, 3, 1]);
        const image = encodeImage(clip, parameters, statistics, nhwc, { training: false }).embeddings;
        const text = encodeText(
          clip,
          parameters,
          tf.tensor2d(tokens.data, tokens.shape as [number, number], 'int32'),
        );
        return Math.max(
          largestDifference(normalise(image).dataSync(), io.floats('image_embeds').data),
          largestDifference(normalise(text).dataSync(), io.floats('text_embeds').data),
        );
      });
    } finally {
      tf.dispose([parameters, statistics]);
    }
  } finally {
    model.close();
  }
}
