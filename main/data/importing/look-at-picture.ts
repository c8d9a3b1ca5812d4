import type { PictureSource } from '#contract/picture-source.ts';
import { lookOf } from '#core/pixels/look.ts';
import { hashPixels } from '../pictures/hash-pixels.ts';
import { hashJpeg } from '../pictures/picture-identity.ts';
import { decodeContent } from '../sources/read-picture.ts';
import type { SourceContent } from '../sources/source-definition.ts';
import { lookAtCodes, type PictureFacts } from './look-at-jpeg.ts';

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
