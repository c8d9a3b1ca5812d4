import { hash } from 'node:crypto';
import type { PictureSource } from '#contract/picture-source.ts';
import { decodeContent, readContent } from '../sources/read-picture.ts';
import type { SourceContent } from '../sources/source-definition.ts';
import { hashPixels } from './hash-pixels.ts';
import { pictureFormatOf } from './picture-format.ts';

// What a picture is known by again (decisions/0060): a JPEG by the bytes of its file, since decoding it to pixels for
// their hash would take most of an import; every other by its pixels. Datasets of before know all by their pixels.

/** SHA-256 (hex) of a JPEG file's bytes; null for content that is known by its pixels. */
export function hashJpeg(content: SourceContent): string | null {
  return 'bytes' in content && pictureFormatOf(content.bytes) === 'JPEG'
    ? hash('sha256', content.bytes)
    : null;
}

/**
 * Whether what a source holds is the picture that a record's hash was taken of.
 * @throws WorkbenchError `bad-input` where it cannot be decoded
 */
export async function isSamePicture(
  content: SourceContent,
  source: PictureSource,
  sha256: string,
): Promise<boolean> {
  return hashJpeg(content) === sha256 || hashPixels(await decodeContent(content, source)) === sha256;
}

/** {@link isSamePicture} for what is in a source now. @throws WorkbenchError as readContent and decodeContent */
export async function holdsPicture(source: PictureSource, sha256: string): Promise<boolean> {
  return isSamePicture(await readContent(source), source, sha256);
}
