import * as tf from '@tensorflow/tfjs-core';
import type { ClipConfig } from '#contract/clip-config.ts';
import { clipMean, clipStd } from '#core/pixels/preprocess.ts';
import { runTensorflowOp, usesFusedOps } from './tensorflow-op.ts';

/** Mean and deviation of the three channels in [0, 1]. */
type Normalisation = NonNullable<ClipConfig['normalisation']>;

/**
 * Bytes [n, side, side, 3] as the towers compute with them: (byte / 255 - mean) / deviation, each operation rounded to
 * float32, as the reference does. Pixels that are float32 are normalised by CLIP's mean and deviation, and are brought
 * to the model's own. No gradient goes through the bytes.
 * @param own the model's; left out: CLIP's
 */
export function normalisePixels(pixels: tf.Tensor4D, own?: Normalisation): tf.Tensor4D {
  if (pixels.dtype === 'float32') return own === undefined ? pixels : renormalise(pixels, own);
  const [batch, height, width, channels] = pixels.shape;
  const { mean, std } = own ?? { mean: clipMean, std: clipStd };
  // A whole row at once: broadcasting along three channels alone is slow.
  const rows = tf.reshape(castBytes(pixels), [batch * height, width * channels]);
  const shares = tf.div(rows, 255);
  const normal = tf.div(tf.sub(shares, repeatChannels(mean, width)), repeatChannels(std, width));
  return tf.reshape(normal, [batch, height, width, channels]);
}

/** From CLIP's mean and deviation to the model's. */
function renormalise(pixels: tf.Tensor4D, { mean, std }: Normalisation): tf.Tensor4D {
  const factor = tf.tensor1d(clipStd.map((value, channel) => value / std[channel]!));
  const shift = tf.tensor1d(clipMean.map((value, channel) => (value - mean[channel]!) / std[channel]!));
  return tf.add(tf.mul(pixels, factor), shift);
}

/** TensorFlow.js takes TensorFlow's uint8 for int32, and would cast it as that. */
function castBytes(pixels: tf.Tensor4D): tf.Tensor4D {
  if (!usesFusedOps()) return tf.cast(pixels, 'float32');
  const attributes = {
    SrcT: { dtype: 'uint8' },
    DstT: { dtype: 'float32' },
    Truncate: { bool: false },
  } as const;
  const [floats] = runTensorflowOp('Cast', attributes, [pixels], 1);
  return floats as tf.Tensor4D;
}

function repeatChannels(values: readonly [number, number, number], times: number): tf.Tensor1D {
  return tf.tensor1d(Float32Array.from({ length: 3 * times }, (_, at) => values[at % 3]!));
}
