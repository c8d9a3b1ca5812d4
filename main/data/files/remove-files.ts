import { rm, rmdir } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';

/**
 * Removes these files below `folder`, and the folders that this leaves empty, itself among them. Everything else stays,
 * and so does what a path names outside of it.
 */
export async function removeFiles(folder: string, paths: Iterable<string>): Promise<void> {
  const emptied = new Set<string>([folder]);
  for (const path of paths) {
    const file = resolve(folder, path);
    const inside = relative(folder, file);
    if (inside === '' || isAbsolute(inside) || inside.split(sep)[0] === '..') continue;
    await rm(file, { force: true });
    for (let parent = dirname(file); parent !== folder; parent = dirname(parent)) emptied.add(parent);
  }
  const deepestFirst = [...emptied].sort((a, b) => b.length - a.length);
  // One that is not empty stays.
  for (const parent of deepestFirst) await rmdir(parent).catch(() => {});
}
