import { readRegularFile, readRegularFileSync } from '../files/open-regular-file.ts';

/** A picture file may be as large as this. */
const maxFileBytes = 128 * 1024 ** 2;

/** Pixels that one picture may have (8192 x 8192): decoded they take 200 MB. */
export const maxPixels = 2 ** 26;

/** The bytes of a picture file. @throws WorkbenchError `not-found`; `bad-input` where it is no regular file, or too large */
export function readPictureFile(path: string): Promise<Buffer> {
  return readRegularFile(path, maxFileBytes, 'picture');
}

/** {@link readPictureFile} for code that does not wait. */
export function readPictureFileSync(path: string): Buffer {
  return readRegularFileSync(path, maxFileBytes, 'picture');
}
