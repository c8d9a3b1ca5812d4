import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm, statfs } from 'node:fs/promises';
import path from 'node:path';

/** The file never takes more of the disk's free space than this part. */
const freeSpaceShare = 0.5;

/** Pictures of one size in a file of their own, which goes with the process. */
export interface PictureFile {
  /** Reads a picture that was kept into `out`; false where it was not. */
  copyTo(index: number, out: Uint8Array, offset: number): Promise<boolean>;
  /** Writes a picture where there is room; a full disk ends keeping, and nothing else. */
  keep(index: number, picture: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param folder where the file is made when the first picture comes
 * @param bytes of one picture
 * @param capacity pictures, where the disk has the room for them twice over
 */
export function openPictureFile(folder: string, bytes: number, capacity: number): PictureFile {
  const slots = new Map<number, number>();
  let opened: Promise<OpenFile | null> | null = null;
  let used = 0;
  let isFull = false;
  return {
    async copyTo(index, out, offset) {
      const slot = slots.get(index);
      const file = await opened;
      if (slot === undefined || !file) return false;
      const { bytesRead } = await file.handle.read(out, offset, bytes, slot * bytes);
      return bytesRead === bytes;
    },
    async keep(index, picture) {
      if (isFull || slots.has(index)) return;
      opened ??= create(folder, bytes, capacity);
      const file = await opened;
      if (file === null || used === file.capacity) {
        isFull = true;
        return;
      }
      const slot = used++;
      try {
        await file.handle.write(picture, 0, bytes, slot * bytes);
        slots.set(index, slot);
      } catch {
        isFull = true;
      }
    },
    async close() {
      const file = await opened;
      await file?.handle.close();
      if (file) await rm(file.name, { force: true });
    },
  };
}

interface OpenFile {
  handle: FileHandle;
  name: string;
  capacity: number;
}

/** null where the folder cannot hold it: pictures are then decoded each time. */
async function create(folder: string, bytes: number, wanted: number): Promise<OpenFile | null> {
  const name = path.join(folder, `pictures-${randomUUID()}.tmp`);
  try {
    const { bavail, bsize } = await statfs(folder);
    const capacity = Math.min(wanted, Math.floor((freeSpaceShare * bavail * bsize) / bytes));
    const handle = await open(name, 'wx+', 0o600);
    // Without a name it goes when the process does, however that ends; Windows keeps the name until it is closed.
    if (process.platform !== 'win32') await rm(name);
    return { handle, name, capacity };
  } catch {
    return null;
  }
}
