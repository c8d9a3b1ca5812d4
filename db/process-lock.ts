import { rmSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';

/** A lock that its process holds; it ends with the process, however that ends. */
export interface ProcessLock {
  release(): void;
}

/**
 * Takes the lock that the file at `path` stands for, or gives null where someone holds it. The file is an
 * empty SQLite database in an exclusive transaction: SQLite locks files on every platform with locks that
 * the operating system drops when a process dies, kill -9 included, so no lock is ever stale.
 */
export function acquireProcessLock(path: string): ProcessLock | null {
  const holder = new SqliteDatabase(path, { timeout: 0 });
  try {
    holder.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    holder.close();
    if (error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
  return { release: () => void holder.close() };
}

/** Removes the file of a lock that nobody will ask for again. */
export function removeLockFile(path: string): void {
  rmSync(path, { force: true });
  rmSync(`${path}-journal`, { force: true });
}
