import type { Picture } from './picture.ts';

/**
 * Moves a picture's content by whole pixels; what comes in at the edges repeats the outermost pixels.
 * @param dx pixels to the right; negative to the left
 * @param dy pixels down; negative up
 */
export function shiftPicture(picture: Picture, dx: number, dy: number): Picture {
  const { width, height, data } = picture;
  const out = new Uint8Array(data.length);
  let to = 0;
  for (let y = 0; y < height; y++) {
    const row = clamp(y - dy, height) * width;
    for (let x = 0; x < width; x++) {
      const from = (row + clamp(x - dx, width)) * 3;
      out[to] = data[from] as number;
      out[to + 1] = data[from + 1] as number;
      out[to + 2] = data[from + 2] as number;
      to += 3;
    }
  }
  return { width, height, data: out };
}

function clamp(position: number, size: number): number {
  return Math.min(Math.max(position, 0), size - 1);
}
