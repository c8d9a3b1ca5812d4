import { lookOfBlocks } from '#core/pixels/look.ts';
import { readBlockPicture } from '../pictures/jpeg/block-picture.ts';
import { maxPixels } from '../pictures/picture-file.ts';
import { hashJpeg } from '../pictures/picture-identity.ts';
import type { SourceContent } from '../sources/source-definition.ts';

/** What an import keeps of a picture. */
export interface PictureFacts {
  sha256: string;
  width: number;
  height: number;
  look: Uint8Array<ArrayBuffer>;
}

/** Smaller pictures are looked at whole: a cell of a look has three blocks across of what is larger. */
const leastSide = 216;

/**
 * What is kept of a plain JPEG, whose codes are decoded to their end by our own code, without its pixels; null for every
 * other, and where anything is amiss with them.
 */
export function lookAtCodes(content: SourceContent): PictureFacts | null {
  const sha256 = hashJpeg(content);
  if (sha256 === null || !('bytes' in content)) return null;
  const jpeg = readBlockPicture(content.bytes, maxPixels);
  if (jpeg === null || Math.min(jpeg.width, jpeg.height) < leastSide) return null;
  const { width, height, blocks } = jpeg;
  return { sha256, width, height, look: lookOfBlocks(blocks, jpeg, 8) };
}
