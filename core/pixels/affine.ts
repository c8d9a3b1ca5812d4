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
      const left = Math.floor(fromX);
      const top = Math.floor(fromY);
      const right = Math.min(left + 1, width - 1);
      const bottom = Math.min(top + 1, height - 1);
      const shareX = fromX - left;
      const shareY = fromY - top;
      const topLeft = (top * width + left) * 3;
      const topRight = (top * width + right) * 3;
      const bottomLeft = (bottom * width + left) * 3;
      const bottomRight = (bottom * width + right) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const above =
          (data[topLeft + channel] as number) * (1 - shareX) + (data[topRight + channel] as number) * shareX;
        const below =
          (data[bottomLeft + channel] as number) * (1 - shareX) +
          (data[bottomRight + channel] as number) * shareX;
        out[to++] = above * (1 - shareY) + below * shareY;
      }
    }
  }
  return out;
}
