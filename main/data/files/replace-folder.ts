import { existsSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a folder is called while it is written, and while its successor takes its place. */
const unfinishedEnd = '.unfinished';
const replacedEnd = '.replaced';

/** Where the files of the new `folder` are written; {@link replaceFolder} then gives it the name. */
export function unfinishedFolder(folder: string): string {
  return folder + unfinishedEnd;
}

/**
 * Gives the finished folder its name. One that has the name already goes aside first and away last, so that a whole
 * one is there at any moment: {@link recoverFolders} finds it where the program dies in between. On return it is on
 * the disk, as far as the system can say.
 */
export async function replaceFolder(folder: string): Promise<void> {
  const aside = folder + replacedEnd;
  await syncFolder(unfinishedFolder(folder));
  if (existsSync(folder)) {
    await rm(aside, { recursive: true, force: true });
    await rename(folder, aside);
  }
  await rename(unfinishedFolder(folder), folder);
  await syncFolder(dirname(folder));
  await rm(aside, { recursive: true, force: true });
}

/** Mends what a death in the middle of {@link replaceFolder} left in `parent`, and removes folders half written. */
export async function recoverFolders(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const path = join(parent, name);
    if (name.endsWith(unfinishedEnd)) await rm(path, { recursive: true, force: true });
    if (!name.endsWith(replacedEnd)) continue;
    const folder = path.slice(0, -replacedEnd.length);
    if (existsSync(folder)) await rm(path, { recursive: true, force: true });
    else await rename(path, folder);
  }
}

/** Makes names in a folder last. Windows cannot open folders and writes names by itself. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
