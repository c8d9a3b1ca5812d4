import type { Picture } from './picture.ts';

/** How a picture's content is moved about its centre. */
export interface AffineMove {
  /** Radians, clockwise as seen. */
  angle: number;
  /** Factor of size; 2 shows everything twice as large. */
  scale: number;
  /** Left and right change places, before the rest. */
  mirrored: boolean;
  /** Pixels to the right. */
  shiftX: number;
  /** Pixels down. */
  shiftY: number;
}

/**
 * Mirrors, scales and turns a picture about its centre and shifts it, bilinear, with edge replication.
 * @returns values [height, width, 3] in [0, 255], not rounded
 */
export function moveAffinely(picture: Picture, move: AffineMove): Float32Array {
  const { width, height, data } = picture;
  const out = new Float32Array(data.length);
  const cos = Math.cos(move.angle) / move.scale;
  const sin = Math.sin(move.angle) / move.scale;
  const centreX = (width - 1) / 2;
  const centreY = (height - 1) / 2;
  const side = move.mirrored ? -1 : 1;
  let to = 0;
  for (let y = 0; y < height; y++) {
    const dy = y - centreY - move.shiftY;
    for (let x = 0; x < width; x++) {
      // Where this pixel's content comes from: the moves undone in reverse.
      const dx = x - centreX - move.shiftX;
      const fromX = Math.min(Math.max(side * (cos * dx + sin * dy) + centreX, 0), width - 1);
      const fromY = Math.min(Math.max(cos * dy - sin * dx + centreY, 0), height - 1);
      const left = fromX | 0;
      const top = fromY | 0;
      const shareX = fromX - left;
      const shareY = fromY - top;
      const topLeft = (top * width + left) * 3;
      const topRight = left + 1 < width ? topLeft + 3 : topLeft;
      const down = top + 1 < height ? width * 3 : 0;
      const weightTopLeft = (1 - shareX) * (1 - shareY);
      const weightTopRight = shareX * (1 - shareY);
      const weightBottomLeft = (1 - shareX) * shareY;
      const weightBottomRight = shareX * shareY;
      for (let channel = 0; channel < 3; channel++) {
        out[to + channel] =
          (data[topLeft + channel] as number) * weightTopLeft +
          (data[topRight + channel] as number) * weightTopRight +
          (data[topLeft + down + channel] as number) * weightBottomLeft +
          (data[topRight + down + channel] as number) * weightBottomRight;
      }
      to += 3;
    }
  }
  return out;
}
