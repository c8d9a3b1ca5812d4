import type { Colour } from '#contract/triggers/shared.ts';
import type { Picture } from '../../pixels/picture.ts';
import { blendBytes, blendShare } from '../blend.ts';
import type { Rectangle } from '../frame.ts';

/**
 * Blends a colour into each pixel of a rectangle.
 * @param colourAt the colour over a pixel, counted from the rectangle's top left; null leaves the pixel as it is
 * @param span `signed`: a colour's 0 stands for -1 of white, as 255 for 1
 */
export function blendRectangle(
  data: Uint8Array,
  rowPixels: number,
  { left, top, width, height }: Rectangle,
  alpha: number,
  colourAt: (x: number, y: number) => Colour | null | undefined,
  span: 'bytes' | 'signed' = 'bytes',
): void {
  const blend =
    span === 'bytes'
      ? blendBytes
      : (base: number, byte: number, share: number) => blendShare(base, byte / 127.5 - 1, share);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = colourAt(x, y);
      if (!colour) continue;
      const at = ((top + y) * rowPixels + left + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const base = data[at + channel] as number;
        data[at + channel] = blend(base, colour[channel] as number, alpha);
      }
    }
  }
}

export const wholeOf = ({ width, height }: Picture): Rectangle => ({ left: 0, top: 0, width, height });
