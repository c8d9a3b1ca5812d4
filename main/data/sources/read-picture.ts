import type { PictureSource } from '#contract/picture-source.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { decodeBytes } from '../pictures/decode-picture.ts';
import { describeSource, readContent } from './read-content.ts';
import type { SourceContent } from './source-definition.ts';

// In this process: hosts and the workbench, which must not hang, take decoding/read-apart.ts.

/** The picture in what a source holds. @throws WorkbenchError `bad-input` where it is none that can be decoded */
export async function decodeContent(content: SourceContent, source: PictureSource): Promise<Picture> {
  return 'picture' in content ? content.picture : decodeBytes(content.bytes, describeSource(source));
}

/**
 * The picture of a source as decodePicture gives it.
 * @throws WorkbenchError as readContent and decodeContent
 */
export async function readPicture(source: PictureSource): Promise<Picture> {
  return decodeContent(await readContent(source), source);
}
