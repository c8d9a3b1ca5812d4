import type { PictureSource } from '#contract/picture-source.ts';
import { readPictureFileSync } from '../pictures/decode-picture.ts';
import { serveTasks } from '../threads/serve-tasks.ts';
import { lookAtPicture, type PictureFacts } from './look-at-picture.ts';

// One of the threads of picture-lookers.ts. It may wait for the disk: others go on meanwhile.

serveTasks<PictureSource, PictureFacts>(async (source) =>
  lookAtPicture(source, typeof source === 'string' ? { bytes: readPictureFileSync(source) } : undefined),
);
