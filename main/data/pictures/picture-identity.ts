import { hash } from 'node:crypto';
import type { SourceContent } from '../sources/source-definition.ts';
import { pictureFormatOf } from './picture-format.ts';

// What a picture is known by again (decisions/0060): a JPEG by the bytes of its file, since decoding it to pixels for
// their hash would take most of an import; every other by its pixels. Datasets of before know all by their pixels.

/** SHA-256 (hex) of a JPEG file's bytes; null for content that is known by its pixels. */
export function hashJpeg(content: SourceContent): string | null {
  return 'bytes' in content && pictureFormatOf(content.bytes) === 'JPEG'
    ? hash('sha256', content.bytes)
    : null;
}
