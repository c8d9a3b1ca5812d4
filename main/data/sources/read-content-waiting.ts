import type { PictureSource } from '#contract/picture-source.ts';
import { readPictureFileSync } from '../pictures/picture-file.ts';
import type { SourceContent } from './source-definition.ts';

/**
 * What a source holds, not decoded, on a thread that may wait for the disk while others go on: each step of reading
 * a small file without waiting goes through another thread, which costs a picture of the demo a sixth of its time.
 * @throws WorkbenchError as readContent
 */
export async function readContentWaiting(source: PictureSource): Promise<SourceContent> {
  if (typeof source === 'string') return { bytes: readPictureFileSync(source) };
  // What reads archives and tables is large, and loaded only where it is needed.
  return (await import('./read-content.ts')).readContent(source);
}
