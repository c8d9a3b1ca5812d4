import type { NewRecord } from '#contract/dataset.ts';
import type { PictureSource } from '#contract/picture-source.ts';
import { lookOf, lookOfBlocks } from '#core/pixels/look.ts';
import { maxPixels } from '../pictures/decode-picture.ts';
import { hashPixels } from '../pictures/hash-pixels.ts';
import { readBlockPicture } from '../pictures/jpeg/block-picture.ts';
import { hashJpeg } from '../pictures/picture-identity.ts';
import { decodeContent } from '../sources/read-picture.ts';
import type { SourceContent } from '../sources/source-definition.ts';

/** What an import keeps of a picture. */
export interface PictureFacts extends Pick<NewRecord, 'sha256' | 'width' | 'height'> {
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

/**
 * Decodes a picture to its end and says what is kept of it: by {@link lookAtCodes} where that can, else whole.
 * @param content of the source
 * @throws WorkbenchError as decodeContent
 */
export async function lookAtPicture(source: PictureSource, content: SourceContent): Promise<PictureFacts> {
  const ofCodes = lookAtCodes(content);
  if (ofCodes !== null) return ofCodes;
  const picture = await decodeContent(content, source);
  const { width, height } = picture;
  return { sha256: hashJpeg(content) ?? hashPixels(picture), width, height, look: lookOf(picture) };
}
