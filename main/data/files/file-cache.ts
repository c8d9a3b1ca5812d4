import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isLeftOver, partialPath } from './left-overs.ts';

/** Files that can be made again, kept up to a size: those that were not asked for longest go first. */
export interface FileCache {
  /** The bytes under a name (a relative path with `/`), made and kept where they are not there. */
  get(name: string, make: () => Promise<Uint8Array>): Promise<Uint8Array>;
}

/** After cleaning up, so much of the size is left, so that it is seldom done. */
const keptShare = 0.8;

/** A cache in a folder, which it has to itself; several programs may share it. @param mostBytes see {@link FileCache} */
export function createFileCache(folder: string, mostBytes: number): FileCache {
  /** Bytes in the folder as far as known; null until they were counted. */
  let bytes: number | null = null;
  let cleaning: Promise<void> | null = null;

  const clean = async () => {
    const found = await listFiles(folder);
    const files = found.filter(({ path }) => !isLeftOver(path));
    for (const { path } of found) if (isLeftOver(path)) await rm(path, { force: true });
    let total = files.reduce((sum, file) => sum + file.bytes, 0);
    if (total > mostBytes) {
      files.sort((a, b) => a.usedMs - b.usedMs);
      for (const file of files) {
        if (total <= keptShare * mostBytes) break;
        await rm(file.path, { force: true });
        total -= file.bytes;
      }
    }
    bytes = total;
  };
  const keep = async (path: string, content: Uint8Array) => {
    await mkdir(dirname(path), { recursive: true });
    const partial = partialPath(path);
    await writeFile(partial, content);
    await rename(partial, path);
    if (bytes !== null) bytes += content.length;
    if (bytes !== null && bytes <= mostBytes) return;
    cleaning ??= clean().finally(() => {
      cleaning = null;
    });
    await cleaning;
  };

  return {
    async get(name, make) {
      const path = join(folder, name);
      const kept = await readFile(path).catch(() => null);
      if (kept !== null) {
        const now = new Date();
        // Whether it could be marked as used decides only how long it stays.
        void utimes(path, now, now).catch(() => {});
        return kept;
      }
      const content = await make();
      // The cache is a convenience: a full disk must not keep anything from being seen.
      await keep(path, content).catch(() => {});
      return content;
    },
  };
}

async function listFiles(folder: string): Promise<{ path: string; bytes: number; usedMs: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const found = await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      const about = await stat(path).catch(() => null);
      return about === null ? [] : [{ path, bytes: about.size, usedMs: about.mtimeMs }];
    }),
  );
  return found.flat();
}
