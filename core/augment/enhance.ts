import type { Picture } from '../pixels/picture.ts';

/**
 * Each enhancement goes from a plainer picture (factor 0) through the picture itself (1) and beyond, as Pillow's
 * ImageEnhance. `magnitude` is that of AutoAugment: the factor less one.
 */

/** From black. */
export const adjustBrightness = (picture: Picture, magnitude: number) =>
  goFrom(new Uint8Array(picture.data.length), picture, magnitude);

/** From grey of the picture's own brightness. */
export const adjustColour = (picture: Picture, magnitude: number) =>
  goFrom(toGrey(picture), picture, magnitude);

/** From one grey: the mean brightness. */
export function adjustContrast(picture: Picture, magnitude: number): Picture {
  const grey = toGrey(picture);
  const mean = Math.trunc(grey.reduce((sum, value) => sum + value, 0) / grey.length + 0.5);
  return goFrom(new Uint8Array(grey.length).fill(mean), picture, magnitude);
}

/** From the picture smoothed with weights 1 and 5 in the middle; its outermost pixels stay. */
export const adjustSharpness = (picture: Picture, magnitude: number) =>
  goFrom(smooth(picture), picture, magnitude);

/** plain + factor x (picture - plain) in float32, cut to a byte, as Pillow's blend. */
function goFrom(plain: Uint8Array, { width, height, data }: Picture, magnitude: number): Picture {
  const factor = Math.fround(1 + magnitude);
  const out = new Uint8ClampedArray(data.length);
  for (let at = 0; at < data.length; at++) {
    const from = plain[at] as number;
    out[at] = Math.trunc(Math.fround(from + Math.fround(factor * ((data[at] as number) - from))));
  }
  return { width, height, data: new Uint8Array(out.buffer) };
}

/** ITU-R BT.601 in 16-bit fixed point, three equal channels. */
function toGrey({ data }: Picture): Uint8Array {
  const out = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 3) {
    const red = (data[at] as number) * 19595;
    const green = (data[at + 1] as number) * 38470;
    const blue = (data[at + 2] as number) * 7471;
    out.fill((red + green + blue + 0x8000) >> 16, at, at + 3);
  }
  return out;
}

function smooth({ width, height, data }: Picture): Uint8Array {
  const out = data.slice();
  const row = width * 3;
  for (let y = 1; y < height - 1; y++) {
    for (let at = y * row + 3; at < (y + 1) * row - 3; at++) {
      let sum = 4 * (data[at] as number);
      for (const line of [at - row, at, at + row]) {
        sum += (data[line - 3] as number) + (data[line] as number) + (data[line + 3] as number);
      }
      out[at] = Math.floor(sum / 13 + 0.5);
    }
  }
  return out;
}
