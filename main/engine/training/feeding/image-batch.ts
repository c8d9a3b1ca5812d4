import * as tf from '@tensorflow/tfjs-core';
import type { Picture } from '#core/pixels/picture.ts';
import { normaliseInto } from '#core/pixels/preprocess.ts';
import type { InputShape } from '../../input-check.ts';
import { dtypeNumbers } from '../../tensorflow/dtypes.ts';
import { currentTensorflow } from '../../tensorflow/kernel-backend.ts';
import { cutPictures } from './raw-pictures.ts';

/** Pictures of one size as the towers compute with them: float32 [pictures, height, width, 3], CLIP's mean and deviation. */
export function toImageTensor(pictures: readonly Picture[]): tf.Tensor4D {
  const { width, height } = pictures[0] ?? { width: 0, height: 0 };
  const values = new Float32Array(pictures.length * height * width * 3);
  for (const [row, picture] of pictures.entries()) normaliseInto(picture, values, row * height * width * 3);
  return tf.tensor4d(values, [pictures.length, height, width, 3]);
}

/** What {@link toPixelTensor} gives for so many pictures. */
export function describePixels(pictures: number, side: number): InputShape {
  const dtype = currentTensorflow() === null ? 'float32' : 'uint8';
  return { shape: [pictures, side, side, 3], dtype };
}

/**
 * Raw pixels [pictures, side, side, 3] as encodeImage takes them. TensorFlow gets the bytes, a quarter of what floats
 * would be, and normalises them in the graph; other backends get {@link toImageTensor}'s.
 */
export function toPixelTensor(pixels: Uint8Array, side: number): tf.Tensor4D {
  const backend = currentTensorflow();
  if (backend === null) return toImageTensor(cutPictures(pixels, side));
  const shape = [pixels.length / (side * side * 3), side, side, 3];
  const id = backend.binding.createTensor(shape, dtypeNumbers.uint8, pixels);
  return backend.createOutputTensor({ id, shape, dtype: dtypeNumbers.uint8 }) as tf.Tensor4D;
}
