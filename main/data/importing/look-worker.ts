import type { PictureSource } from '#contract/picture-source.ts';
import { readPictureFileSync } from '../pictures/decode-picture.ts';
import { readContent } from '../sources/read-content.ts';
import { serveTasks } from '../threads/serve-tasks.ts';
import { lookAtCodes, type PictureFacts } from './look-at-picture.ts';

// One of the threads of picture-lookers.ts. It may wait for the disk: others go on meanwhile.

serveTasks<PictureSource, PictureFacts | null>(async (source) =>
  lookAtCodes(
    typeof source === 'string' ? { bytes: readPictureFileSync(source) } : await readContent(source),
  ),
);
