import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import { partialPath, removeLeftOvers } from './left-overs.ts';

/**
 * Makes a folder that is there whole or not at all: `write` fills one beside it, which then gets its name. What fails
 * or is stopped leaves nothing; what a killed program left beside it is removed.
 * @throws WorkbenchError `conflict` where there is something already, other than an empty folder; `bad-input` where
 *   the folder cannot be made
 */
export async function makeWholeFolder<T>(folder: string, write: (partial: string) => Promise<T>): Promise<T> {
  await refuseFilled(folder);
  removeLeftOvers(dirname(folder));
  const partial = partialPath(folder);
  try {
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(partial);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WorkbenchError(
      'bad-input',
      `The folder ${folder} cannot be made (${reason}): name another.`,
      { folder },
      { cause },
    );
  }
  try {
    const result = await write(partial);
    await refuseFilled(folder);
    await rmdir(folder).catch(() => {});
    await rename(partial, folder);
    return result;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function refuseFilled(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found === null) return;
  const what = found.isDirectory()
    ? (await readdir(folder)).length === 0
      ? null
      : 'is not empty'
    : 'is a file';
  if (what === null) return;
  throw new WorkbenchError(
    'conflict',
    `${folder} ${what}: name a folder that does not exist, or an empty one.`,
    {
      folder,
    },
  );
}
