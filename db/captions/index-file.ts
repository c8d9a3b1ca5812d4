import { closeSync, openSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { WorkbenchError } from '#contract/errors.ts';
import type { Database } from '../statements.ts';

/** Words are runs of letters, digits and symbols (emoji, so that they can be searched for), without case and accents. */
export const tokenizer = "unicode61 remove_diacritics 2 categories ''L* N* Co So''";

/** How long a program waits while another indexes captions, in milliseconds: a part takes less than a second. */
const patienceMs = 60_000;

/** The file with the index of captions of the database at a path. Where it is missing it is made again. */
export const indexPathOf = (database: string): string => `${database}.captions`;

/** The index of the database at a path, made where it is missing, with the database as `workbench`, which is only read. */
export function openIndexFile(database: string): Database {
  const path = indexPathOf(database);
  // Made for its owner alone; SQLite gives its other files the same rights.
  closeSync(openSync(path, 'a', 0o600));
  const index = new SqliteDatabase(path, { timeout: patienceMs });
  try {
    index.pragma('journal_mode = WAL');
    index.pragma('synchronous = NORMAL');
    index.prepare('ATTACH ? AS workbench').run(database);
    return index;
  } catch (error) {
    index.close();
    throw error;
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
