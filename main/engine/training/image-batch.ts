import * as tf from '@tensorflow/tfjs-core';
import type { Picture } from '#core/pixels/picture.ts';
import { normaliseInto } from '#core/pixels/preprocess.ts';

/** Pictures of one size as the towers take them: float32 [pictures, height, width, 3], CLIP's mean and deviation. */
export function toImageTensor(pictures: readonly Picture[]): tf.Tensor4D {
  const { width, height } = pictures[0] ?? { width: 0, height: 0 };
  const values = new Float32Array(pictures.length * height * width * 3);
  for (const [row, picture] of pictures.entries()) normaliseInto(picture, values, row * height * width * 3);
  return tf.tensor4d(values, [pictures.length, height, width, 3]);
}

/** Cuts rows of raw pixels [pictures, side, side, 3] into pictures that share its memory. */
export function cutPictures(pixels: Uint8Array, side: number): Picture[] {
  const bytes = side * side * 3;
  return Array.from({ length: pixels.length / bytes }, (_, row) => ({
    width: side,
    height: side,
    data: pixels.subarray(row * bytes, (row + 1) * bytes),
  }));
}
