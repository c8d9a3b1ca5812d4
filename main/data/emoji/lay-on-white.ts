import sharp from 'sharp';
import type { Picture } from '#core/pixels/picture.ts';

/**
 * Decodes a PNG and blends it with white by its alpha, rounding to the nearest byte as Pillow's paste does
 * (libvips cuts off instead).
 */
export async function layOnWhite(png: Uint8Array): Promise<Picture> {
  const { data: rgba, info } = await sharp(png, { ignoreIcc: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const data = new Uint8Array(info.width * info.height * 3);
  for (let i = 0, at = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      data[at++] = Math.round((rgba[i + channel]! * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return { width: info.width, height: info.height, data };
}
