import { openPictureFile, type PictureFile } from './picture-file.ts';

/** Where prepared pictures are kept for the next epoch, and how much of it they may take. */
export interface PictureBudget {
  memoryBytes: number;
  /** For what does not fit the memory; left out: it is decoded each time. */
  disk?: { folder: string; bytes: number };
}

/** Prepared pictures that are kept, first come first kept: in memory, then in a file. */
export interface KeptPictures {
  /** Copies a kept picture to `out`; false where it is not kept. */
  copyTo(index: number, out: Uint8Array, offset: number): Promise<boolean>;
  keep(index: number, picture: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param bytes of one picture
 * @param count how many pictures there are at most
 */
export function openKeptPictures(bytes: number, count: number, budget: PictureBudget): KeptPictures {
  const capacity = Math.min(count, Math.floor(budget.memoryBytes / bytes));
  const pixels = new Uint8Array(capacity * bytes);
  const slots = new Map<number, number>();
  const file = openFile(bytes, count - capacity, budget);
  return {
    async copyTo(index, out, offset) {
      const slot = slots.get(index);
      if (slot === undefined) return file?.copyTo(index, out, offset) ?? false;
      out.set(pixels.subarray(slot * bytes, (slot + 1) * bytes), offset);
      return true;
    },
    async keep(index, picture) {
      if (slots.has(index)) return;
      if (slots.size === capacity) return file?.keep(index, picture);
      pixels.set(picture, slots.size * bytes);
      slots.set(index, slots.size);
    },
    async close() {
      await file?.close();
    },
  };
}

function openFile(bytes: number, left: number, { disk }: PictureBudget): PictureFile | null {
  if (disk === undefined || left <= 0) return null;
  return openPictureFile(disk.folder, bytes, Math.min(left, Math.floor(disk.bytes / bytes)));
}
