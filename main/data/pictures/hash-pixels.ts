import { createHash } from 'node:crypto';
import type { Picture } from '#core/pixels/picture.ts';

/** The same as hashPicture of core/pixels/picture-hash, by Node's own SHA-256, which takes a tenth of the time. */
export function hashPixels({ width, height, data }: Picture): string {
  const sides = Buffer.alloc(8);
  sides.writeUInt32LE(width, 0);
  sides.writeUInt32LE(height, 4);
  return createHash('sha256').update(sides).update(data).digest('hex');
}
