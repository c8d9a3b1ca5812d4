import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What {@link partialPath} adds: who writes it, and which of its files it is. */
const partialEnd = /\.(\d+)\.[0-9a-f]{8}\.part$/;

/**
 * What a file or folder is called while this process writes it: it gets its own name once it is whole. Where the
 * process is killed, {@link removeLeftOvers} knows it by its name.
 */
export function partialPath(path: string): string {
  return `${path}.${process.pid}.${randomBytes(4).toString('hex')}.part`;
}

/**
 * Removes files and folders that lie directly in `folder` and that a program, which is gone, has left half written.
 * Those of a program that lives stay, and so does everything that has another name.
 */
export function removeLeftOvers(folder: string): void {
  for (const name of listNames(folder)) {
    if (isLeftOver(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Whether this is the name of something that a program writes, or wrote when it was killed. */
export const isPartial = (name: string): boolean => partialEnd.test(name);

/** Whether a program that is gone has left the file or folder of this name half written. */
export function isLeftOver(name: string): boolean {
  const pid = partialEnd.exec(name)?.[1];
  return pid !== undefined && !isAlive(Number(pid));
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether there is such a process, whoever's it is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
