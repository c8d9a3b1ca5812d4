import { availableParallelism } from 'node:os';
import type { PictureSource } from '#contract/picture-source.ts';
import type { Picture } from '#core/pixels/picture.ts';
import type { PictureFacts } from '../importing/look-at-jpeg.ts';
import type { AlphaPicture } from '../pictures/alpha-png.ts';
import { hashPixels } from '../pictures/hash-pixels.ts';
import { hashJpeg } from '../pictures/picture-identity.ts';
import { describeSource, readContent } from '../sources/read-content.ts';
import type { SourceContent } from '../sources/source-definition.ts';
import { createDecodePool } from './decode-pool.ts';
import { type Encoded, maxDecodeSeconds } from './decode-task.ts';

// What hosts and the workbench read of pictures: decoded in processes of their own (decisions/0049). The engine, which
// is a process that can be ended itself, decodes on its own threads.

const pool = createDecodePool({ count: availableParallelism(), limitMs: maxDecodeSeconds * 1_000 });

/** The pixels of a picture. @throws WorkbenchError as readPicture; `bad-input` where it takes too long too */
export async function readPixels(source: PictureSource): Promise<Picture> {
  const content = await open(source);
  return 'picture' in content ? content.picture : pool.make({ make: 'pixels', ...content });
}

/** What an import keeps of a picture. @throws WorkbenchError as {@link readPixels} */
export async function readFacts(source: PictureSource): Promise<PictureFacts> {
  const content = await open(source);
  if (!('picture' in content)) return pool.make({ make: 'facts', ...content });
  const { lookAtPicture } = await import('../importing/look-at-picture.ts');
  return lookAtPicture(source, content);
}

/** A picture as PNG, at most `size` pixels a side; null leaves its size. @throws WorkbenchError as {@link readPixels} */
export async function readPng(source: PictureSource, size: number | null): Promise<Uint8Array> {
  const content = await open(source);
  if (!('picture' in content)) return pool.make({ make: 'png', ...content, size });
  const { encodePng, encodeThumbnail } = await import('../pictures/decode-picture.ts');
  return size === null ? encodePng(content.picture) : encodeThumbnail(content.picture, size);
}

/** Decodes a picture with its alpha, made smaller where a side has more than `side` pixels. @throws `bad-input` */
export const decodeAlpha = (bytes: Uint8Array, side: number): Promise<AlphaPicture> =>
  pool.make({ make: 'alpha', of: { bytes, where: 'This' }, side });

/** hashPixels of what a source holds. @throws WorkbenchError `bad-input` where it cannot be decoded, or takes too long */
export async function hashContent(content: SourceContent, source: PictureSource): Promise<string> {
  if ('picture' in content) return hashPixels(content.picture);
  return pool.make({ make: 'hash', of: { bytes: content.bytes, where: describeSource(source) } });
}

/**
 * Whether what a source holds is the picture that a record's hash was taken of.
 * @throws WorkbenchError as {@link hashContent}
 */
export async function isSamePicture(
  content: SourceContent,
  source: PictureSource,
  sha256: string,
): Promise<boolean> {
  return hashJpeg(content) === sha256 || (await hashContent(content, source)) === sha256;
}

/** {@link isSamePicture} for what is in a source now; nothing is the picture of no hash. @throws WorkbenchError as readContent and isSamePicture */
export async function holdsPicture(source: PictureSource, sha256: string | null): Promise<boolean> {
  const content = await readContent(source);
  return sha256 !== null && isSamePicture(content, source, sha256);
}

/** Pictures inside other files are read here, where open archives are kept; plain pixels need no decoder. */
async function open(source: PictureSource): Promise<{ of: Encoded } | { picture: Picture }> {
  if (typeof source === 'string') return { of: { path: source } };
  const content = await readContent(source);
  return 'picture' in content ? content : { of: { bytes: content.bytes, where: describeSource(source) } };
}
