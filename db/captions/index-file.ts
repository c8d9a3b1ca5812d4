import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { WorkbenchError } from '#contract/errors.ts';
import type { Database } from '../statements.ts';

/** Words are runs of letters, digits and symbols (emoji, so that they can be searched for), without case and accents. */
export const tokenizer = "unicode61 remove_diacritics 2 categories ''L* N* Co So''";

/** How long a program waits while another indexes captions, in milliseconds: a part takes less than a second. */
const patienceMs = 60_000;

/** The file with the index of captions of the database at a path. Where it is missing it is made again. */
export const indexPathOf = (database: string): string => `${database}.captions`;

/**
 * Does `work` in one transaction of the index of the database at a path, which is made where it is missing. Who writes at
 * once waits: a transaction that began by reading could not go on to write.
 */
export function changeIndexFile<T>(database: string, work: (index: Database) => T): T {
  const path = indexPathOf(database);
  if (!existsSync(path)) makeIndexFile(database);
  const index = new SqliteDatabase(path, { timeout: patienceMs });
  try {
    index.pragma('synchronous = NORMAL');
    return index.transaction(() => work(index)).immediate();
  } finally {
    index.close();
  }
}

/**
 * Makes an empty index that readers and one writer use at once, while nobody else does: the database's lock is held. Under
 * another name until it is whole, since it could not become so once another program has it open.
 */
function makeIndexFile(database: string): void {
  const path = indexPathOf(database);
  const holder = new SqliteDatabase(database, { timeout: patienceMs });
  try {
    holder.exec('BEGIN IMMEDIATE');
    if (existsSync(path)) return;
    // Its name is one that the next start clears away (main/data/left-overs.ts), should this be killed.
    const partial = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.part`;
    // Made for its owner alone; SQLite gives its other files the same rights.
    closeSync(openSync(partial, 'wx', 0o600));
    const index = new SqliteDatabase(partial);
    index.pragma('journal_mode = WAL');
    index.close();
    // What a file that was deleted had not taken up yet is not this one's.
    for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
    renameSync(partial, path);
  } finally {
    holder.close();
  }
}

/** The index of the database at a path for reading; null where there is none. */
export function readIndexFile(database: string): Database | null {
  try {
    return new SqliteDatabase(indexPathOf(database), { readonly: true, timeout: patienceMs });
  } catch (error) {
    if (error instanceof SqliteDatabase.SqliteError && error.code === 'SQLITE_CANTOPEN') return null;
    throw error;
  }
}

/** Does `work` with the index. @throws WorkbenchError `corrupt-file` where the file is damaged */
export function withIndexFile<T>(database: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SqliteDatabase.SqliteError)) throw error;
    if (error.code !== 'SQLITE_NOTADB' && !error.code.startsWith('SQLITE_CORRUPT')) throw error;
    const path = indexPathOf(database);
    throw new WorkbenchError(
      'corrupt-file',
      `The index of captions ${path} is damaged. Close this workspace in all programs and delete that file: the next search makes it again.`,
      { path },
      { cause: error },
    );
  }
}
