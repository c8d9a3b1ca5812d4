import type { NewRecord } from '#contract/dataset.ts';
import type { PictureSource } from '#contract/picture-source.ts';
import { lookOf, lookOfBlocks } from '#core/pixels/look.ts';
import { maxPixels } from '../pictures/decode-picture.ts';
import { hashPixels } from '../pictures/hash-pixels.ts';
import { readBlockPicture } from '../pictures/jpeg/block-picture.ts';
import { hashJpeg } from '../pictures/picture-identity.ts';
import { decodeContent, readContent } from '../sources/read-picture.ts';
import type { SourceContent } from '../sources/source-definition.ts';

/** What an import keeps of a picture. */
export interface PictureFacts extends Pick<NewRecord, 'sha256' | 'width' | 'height'> {
  look: Uint8Array<ArrayBuffer>;
}

/** Smaller pictures are looked at whole: a cell of a look has three blocks across of what is larger. */
const leastSide = 216;

/**
 * Decodes a picture to its end and says what is kept of it. The codes of a plain JPEG are decoded without its pixels; where
 * anything is amiss with them, and for every other format, it is decoded whole.
 * @param content of the source, where it is read already
 * @throws WorkbenchError as readPicture
 */
export async function lookAtPicture(source: PictureSource, content?: SourceContent): Promise<PictureFacts> {
  const found = content ?? (await readContent(source));
  const sha256 = hashJpeg(found);
  if (sha256 !== null && 'bytes' in found) {
    const jpeg = readBlockPicture(found.bytes, maxPixels);
    if (jpeg !== null && Math.min(jpeg.width, jpeg.height) >= leastSide) {
      const { width, height, blocks } = jpeg;
      return { sha256, width, height, look: lookOfBlocks(blocks, jpeg, 8) };
    }
  }
  const picture = await decodeContent(found, source);
  const { width, height } = picture;
  return { sha256: sha256 ?? hashPixels(picture), width, height, look: lookOf(picture) };
}
