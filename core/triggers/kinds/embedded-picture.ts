import type { EmbeddedPicture } from '#contract/triggers/shared.ts';
import { decodeBase64 } from '../../pixels/base64.ts';
import { resizeBicubic } from '../../pixels/resize.ts';
import { createSmallCache } from '../small-cache.ts';

/** Pixels with alpha: red, green, blue and alpha bytes, row by row. */
export interface Layer {
  width: number;
  height: number;
  rgba: Uint8Array;
}

const decoded = createSmallCache<Layer>(16);
const resized = createSmallCache<Layer>(16);

/** The pixels of a picture that lies in a trigger's parameters. */
export function openEmbedded({ width, height, rgba }: EmbeddedPicture): Layer {
  return decoded.get(`${width}x${height}:${rgba}`, () => ({ width, height, rgba: decodeBase64(rgba) }));
}

/** {@link openEmbedded} brought to a size by bicubic resampling, colours weighted by their alpha. */
export function openEmbeddedAt(picture: EmbeddedPicture, width: number, height: number): Layer {
  if (picture.width === width && picture.height === height) return openEmbedded(picture);
  const key = `${width}x${height} of ${picture.width}x${picture.height}:${picture.rgba}`;
  return resized.get(key, () => resizeLayer(openEmbedded(picture), width, height));
}

function resizeLayer(layer: Layer, width: number, height: number): Layer {
  const pixels = layer.width * layer.height;
  const colours = new Uint8Array(pixels * 3);
  const alphas = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const alpha = layer.rgba[pixel * 4 + 3] as number;
    for (let channel = 0; channel < 3; channel++) {
      colours[pixel * 3 + channel] = Math.round(((layer.rgba[pixel * 4 + channel] as number) * alpha) / 255);
      alphas[pixel * 3 + channel] = alpha;
    }
  }
  const source = { width: layer.width, height: layer.height };
  const colour = resizeBicubic({ ...source, data: colours }, width, height).data;
  const alpha = resizeBicubic({ ...source, data: alphas }, width, height).data;
  const rgba = new Uint8Array(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const weight = alpha[pixel * 3] as number;
    for (let channel = 0; channel < 3; channel++) {
      const value = weight === 0 ? 0 : Math.round(((colour[pixel * 3 + channel] as number) * 255) / weight);
      rgba[pixel * 4 + channel] = Math.min(255, value);
    }
    rgba[pixel * 4 + 3] = weight;
  }
  return { width, height, rgba };
}
