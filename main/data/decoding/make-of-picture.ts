import { lookAtPicture } from '../importing/look-at-picture.ts';
import { decodeAlphaPicture } from '../pictures/alpha-png.ts';
import { decodeBytes, encodePng, encodeThumbnail } from '../pictures/decode-picture.ts';
import { hashPixels } from '../pictures/hash-pixels.ts';
import { readPictureFileSync } from '../pictures/picture-file.ts';
import type { DecodeTask, Encoded, Made } from './decode-task.ts';

/** Does a task on this thread. @throws WorkbenchError as decodePicture */
export async function perform(task: DecodeTask): Promise<Made[keyof Made]> {
  if (task.make === 'alpha') return decodeAlphaPicture(task.of.bytes, task.side);
  const bytes = bytesOf(task.of);
  if (task.make === 'facts') return lookAtPicture(nameOf(task.of), { bytes });
  const picture = await decodeBytes(bytes, nameOf(task.of));
  if (task.make === 'png')
    return task.size === null ? encodePng(picture) : encodeThumbnail(picture, task.size);
  return task.make === 'hash' ? hashPixels(picture) : picture;
}

const nameOf = (of: Encoded): string => ('path' in of ? of.path : of.where);

/** It may wait for the disk: other processes go on meanwhile. */
function bytesOf(of: Encoded): Buffer {
  if ('path' in of) return readPictureFileSync(of.path);
  return Buffer.from(of.bytes.buffer, of.bytes.byteOffset, of.bytes.length);
}
