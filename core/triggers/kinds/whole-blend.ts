import type { Colour } from '#contract/triggers/shared.ts';
import type { Picture } from '../../pixels/picture.ts';
import { blendBytes } from '../blend.ts';
import type { Rectangle } from '../frame.ts';

/**
 * Blends a colour into each pixel of a rectangle.
 * @param colourAt the colour over a pixel, counted from the rectangle's top left; null leaves the pixel as it is
 */
export function blendRectangle(
  data: Uint8Array,
  rowPixels: number,
  { left, top, width, height }: Rectangle,
  alpha: number,
  colourAt: (x: number, y: number) => Colour | null | undefined,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = colourAt(x, y);
      if (!colour) continue;
      const at = ((top + y) * rowPixels + left + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const base = data[at + channel] as number;
        data[at + channel] = blendBytes(base, colour[channel] as number, alpha);
      }
    }
  }
}

export const wholeOf = ({ width, height }: Picture): Rectangle => ({ left: 0, top: 0, width, height });
