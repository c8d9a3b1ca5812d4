import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';

/** What a code of the system or of SQLite says, and what a person does then. `free` is a sentence on the disk's space. */
interface Meaning {
  codes: RegExp;
  kind: WorkbenchError['kind'];
  tell(place: string, free: string): string;
}

const meanings: readonly Meaning[] = [
  {
    codes: /^(ENOSPC|EDQUOT|SQLITE_FULL)/,
    kind: 'storage',
    tell: (place, free) =>
      `The disk of ${place} is full${free}. Free some space, for instance by deleting runs, then try again: what was finished is kept.`,
  },
  {
    codes: /^(EROFS|SQLITE_READONLY)/,
    kind: 'storage',
    tell: (place) =>
      `${place} can only be read: make it writable, or choose another workspace (--workspace or CCW_WORKSPACE).`,
  },
  {
    codes: /^(SQLITE_CORRUPT|SQLITE_NOTADB)/,
    kind: 'corrupt-file',
    tell: (place) =>
      `The database of ${place} is damaged. Move workbench.sqlite away and put a backup (its name with .v and a number) in its place, or choose another workspace.`,
  },
  {
    codes: /^SQLITE_BUSY/,
    kind: 'busy',
    tell: (place) =>
      `Another program holds the database of ${place} and lets nobody write to it: close it, then try again.`,
  },
  {
    codes: /^(SQLITE_IOERR|SQLITE_CANTOPEN|EIO)/,
    kind: 'storage',
    tell: (place, free) =>
      `${place} cannot be read or written${free}: look whether its disk is there and whole, then try again.`,
  },
  {
    codes: /^(ENOMEM|SQLITE_NOMEM|ERR_MEMORY)/,
    kind: 'unavailable',
    tell: () => 'The memory ran out: choose a smaller batch size, or close other programs.',
  },
];

/** What TensorFlow and JavaScript say where they get no memory. */
const outOfMemory = /\bOOM\b|RESOURCE_EXHAUSTED|Array buffer allocation failed|out of memory/i;

/**
 * An error of the system or of SQLite as one that says what is full, damaged or held, and what to do; others come back
 * as they are.
 * @param folder where it happened, if the error does not name a path: the workspace
 */
export function explainError(error: unknown, folder: string | null = null): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof WorkbenchError && error.kind !== 'tensorflow' && error.kind !== 'internal')
    return error;
  const code = outOfMemory.test(error.message) ? 'ERR_MEMORY' : codeOf(error);
  const place = 'path' in error && typeof error.path === 'string' ? error.path : folder;
  const free = place === null ? null : freeBytes(place);
  // Without room for its files SQLite says only that it failed.
  const isFull = /^SQLITE_(IOERR|CANTOPEN)/.test(code) && free !== null && free < fullBytes;
  const meaning = meanings.find(({ codes }) => codes.test(isFull ? 'SQLITE_FULL' : code));
  if (meaning === undefined) return error;
  const told = free === null ? '' : ` (${(free / 1e6).toFixed(1)} MB are free)`;
  const message = meaning.tell(place ?? 'the workspace', told);
  return new WorkbenchError(meaning.kind, message, { code, path: place }, { cause: error });
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** With less than this free a disk is full. */
const fullBytes = 1e5;

/** How much is free where a path is, or would be; null where that cannot be found out. */
function freeBytes(path: string): number | null {
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    } catch {
      if (folder === dirname(folder)) return null;
    }
  }
}
