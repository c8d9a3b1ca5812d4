import { opendir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';

/** More names than these are not looked at, more folders than those not given. */
const mostLooked = 20_000;
const mostFolders = 1_000;

/** The folders directly in one: what a person chooses from. */
export interface FolderListing {
  /** Absolute. */
  path: string;
  /** null at the top. */
  parent: string | null;
  /** Names, sorted, without hidden ones. */
  folders: string[];
  /** Files that are no folders, so that a person sees where pictures lie. */
  files: number;
  /** Whether there is more than was looked at. */
  more: boolean;
}

/**
 * Lists the folders in a folder; links to folders are folders. Nothing is opened but the folder itself, and of it a
 * bounded number of names is read.
 * @param path absolute; null: the person's home
 * @throws WorkbenchError `bad-input` for a relative path or what is no folder, `not-found`
 */
export async function listFolders(path: string | null): Promise<FolderListing> {
  const folder = normalize(path ?? homedir());
  if (!isAbsolute(folder)) {
    throw new WorkbenchError('bad-input', `Enter an absolute path, for example ${homedir()}.`, { path });
  }
  const found = await stat(folder).catch(() => null);
  if (found === null)
    throw new WorkbenchError('not-found', `There is no folder ${folder}.`, { path: folder });
  if (!found.isDirectory())
    throw new WorkbenchError('bad-input', `${folder} is not a folder.`, { path: folder });
  const folders: string[] = [];
  let files = 0;
  let looked = 0;
  let more = false;
  for await (const entry of await open(folder)) {
    looked += 1;
    if (looked > mostLooked || folders.length >= mostFolders) {
      more = true;
      break;
    }
    if (entry.name.startsWith('.')) continue;
    const isLink = entry.isSymbolicLink();
    const target = isLink ? await stat(join(folder, entry.name)).catch(() => null) : null;
    if (entry.isDirectory() || target?.isDirectory() === true) folders.push(entry.name);
    else if (entry.isFile() || target?.isFile() === true) files += 1;
  }
  const parent = dirname(folder);
  folders.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return { path: folder, parent: parent === folder ? null : parent, folders, files, more };
}

async function open(folder: string) {
  try {
    return await opendir(folder);
  } catch (cause) {
    throw new WorkbenchError(
      'bad-input',
      `${folder} cannot be read: you may have no right to.`,
      { path: folder },
      { cause },
    );
  }
}
