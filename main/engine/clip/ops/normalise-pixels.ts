import * as tf from '@tensorflow/tfjs-core';
import { clipMean, clipStd } from '#core/pixels/preprocess.ts';
import { runTensorflowOp, usesFusedOps } from './tensorflow-op.ts';

/**
 * Bytes [n, side, side, 3] as the towers compute with them: (byte / 255 - mean) / deviation, each operation rounded to
 * float32, as the reference does; pixels that are float32 are normalised already. No gradient goes through the bytes.
 */
export function normalisePixels(pixels: tf.Tensor4D): tf.Tensor4D {
  if (pixels.dtype === 'float32') return pixels;
  const [batch, height, width, channels] = pixels.shape;
  // A whole row at once: broadcasting along three channels alone is slow.
  const rows = tf.reshape(castBytes(pixels), [batch * height, width * channels]);
  const shares = tf.div(rows, 255);
  const normal = tf.div(tf.sub(shares, repeatChannels(clipMean, width)), repeatChannels(clipStd, width));
  return tf.reshape(normal, [batch, height, width, channels]);
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
