import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Picture } from './picture.ts';

/**
 * A picture's identity, whatever file it came from: the SHA-256 (hex) of its width and height in pixels (unsigned
 * 32-bit, little-endian) followed by its RGB bytes.
 */
export function hashPicture(picture: Picture): string {
  const sides = new Uint8Array(8);
  const view = new DataView(sides.buffer);
  view.setUint32(0, picture.width, true);
  view.setUint32(4, picture.height, true);
  return bytesToHex(sha256.create().update(sides).update(picture.data).digest());
}
