import type { Picture } from '#core/pixels/picture.ts';

/** Pixels as a canvas takes them: red, green, blue and alpha, row by row. */
export interface CanvasPixels {
  width: number;
  height: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Fully opaque pixels of a picture. */
export function toCanvasPixels({ width, height, data }: Picture): CanvasPixels {
  // A pixel at a time: every platform that a window runs on is little-endian.
  const pixels = new Uint32Array(width * height);
  for (let pixel = 0, from = 0; pixel < pixels.length; pixel++, from += 3) {
    const green = data[from + 1] as number;
    const blue = data[from + 2] as number;
    pixels[pixel] = opaque | (blue << 16) | (green << 8) | (data[from] as number);
  }
  return { width, height, rgba: new Uint8ClampedArray(pixels.buffer) };
}

const opaque = 0xff000000;

/** The picture of canvas pixels; alpha is dropped, not blended, as when the workbench decodes a file. */
export function fromCanvasPixels({ width, height, rgba }: CanvasPixels): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    data[to] = rgba[from] as number;
    data[to + 1] = rgba[from + 1] as number;
    data[to + 2] = rgba[from + 2] as number;
  }
  return { width, height, data };
}

/**
 * What a trigger changes, made visible: grey where nothing changed, else grey + gain x (after - before), cut to a byte.
 * @param gain factor of the difference; 1 shows it as it is
 */
export function amplifyDifference(before: CanvasPixels, after: CanvasPixels, gain: number): CanvasPixels {
  const { width, height } = before;
  const rgba = new Uint8ClampedArray(before.rgba.length).fill(255);
  for (let at = 0; at < rgba.length; at++) {
    if (at % 4 === 3) continue;
    rgba[at] = middleGrey + gain * ((after.rgba[at] as number) - (before.rgba[at] as number));
  }
  return { width, height, rgba };
}

const middleGrey = 128;
