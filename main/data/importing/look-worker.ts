import { toWireError, type WireError } from '#contract/errors.ts';
import type { PictureSource } from '#contract/picture-source.ts';
import { readContentWaiting } from '../sources/read-content-waiting.ts';
import { serveTasks } from '../threads/serve-tasks.ts';
import { lookAtCodes, type PictureFacts } from './look-at-jpeg.ts';

// One of the threads of picture-lookers.ts. It may wait for the disk: others go on meanwhile.

/** A JPEG's facts, its look as latin1, which is sent in a fraction of the time; null where it is to be decoded whole. */
export type LookAnswer = (Omit<PictureFacts, 'look'> & { look: string }) | WireError | null;

serveTasks<PictureSource[], LookAnswer[]>((sources) => Promise.all(sources.map(answer)));

async function answer(source: PictureSource): Promise<LookAnswer> {
  try {
    const found = lookAtCodes(await readContentWaiting(source));
    return found === null ? null : { ...found, look: Buffer.from(found.look).toString('latin1') };
  } catch (error) {
    return toWireError(error);
  }
}
