import type { Picture } from '#core/pixels/picture.ts';

/** Pixels as a canvas takes them: red, green, blue and alpha, row by row. */
export interface CanvasPixels {
  width: number;
  height: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Fully opaque pixels of a picture. */
export function toCanvasPixels({ width, height, data }: Picture): CanvasPixels {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from] as number;
    rgba[to + 1] = data[from + 1] as number;
    rgba[to + 2] = data[from + 2] as number;
    rgba[to + 3] = 255;
  }
  return { width, height, rgba };
}

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
