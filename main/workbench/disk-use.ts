import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** A workspace's size is counted at most this often: it can hold very many files. */
const keptMs = 15_000;

export interface DiskUse {
  usedBytes: number;
  freeBytes: number;
}

/** Counts what a folder holds and what its disk has left; the figures may be some seconds old. */
export function createDiskUse(folder: string): () => Promise<DiskUse> {
  let kept: { atMs: number; use: Promise<DiskUse> } | null = null;
  return () => {
    if (kept === null || performance.now() - kept.atMs > keptMs) {
      kept = { atMs: performance.now(), use: measure(folder) };
    }
    return kept.use;
  };
}

async function measure(folder: string): Promise<DiskUse> {
  const disk = await statfs(folder);
  return { usedBytes: await sizeOf(folder), freeBytes: disk.bavail * disk.bsize };
}

/** Files that go away meanwhile count nothing. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await sizeOf(path);
    else if (entry.isFile()) bytes += (await stat(path).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}
