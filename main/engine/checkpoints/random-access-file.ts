import { closeSync, readSync } from 'node:fs';
import { WorkbenchError } from '#contract/errors.ts';
import { openRegularFileSync } from '#main/data/files/open-regular-file.ts';

/** A file that is read in places. */
export interface RandomAccessFile {
  path: string;
  bytes: number;
  /** Throws `corrupt-file` where the file has fewer bytes. */
  read(position: number, length: number): Uint8Array;
  readInto(target: Uint8Array, position: number): void;
  close(): void;
}

const largestPieceBytes = 1 << 30;

/** @throws WorkbenchError `not-found`, `bad-input` for what is no regular file */
export function openRandomAccess(path: string, noun = 'tensor file'): RandomAccessFile {
  const { descriptor, bytes } = openRegularFileSync(path, noun);
  const readInto = (target: Uint8Array, position: number) => {
    for (let done = 0; done < target.length; ) {
      const wanted = Math.min(largestPieceBytes, target.length - done);
      const count = readSync(descriptor, target, done, wanted, position + done);
      if (count === 0) {
        throw new WorkbenchError('corrupt-file', `${path} ended while it was read: it is cut off.`, { path });
      }
      done += count;
    }
  };
  return {
    path,
    bytes,
    read(position, length) {
      // The length comes from the file: no memory is set aside for what cannot be there.
      if (position < 0 || length < 0 || position + length > bytes) {
        const message = `${path} is cut off: ${position + length} bytes are needed and ${bytes} are there.`;
        throw new WorkbenchError('corrupt-file', message, { path });
      }
      const target = new Uint8Array(length);
      readInto(target, position);
      return target;
    },
    readInto,
    close: () => closeSync(descriptor),
  };
}
