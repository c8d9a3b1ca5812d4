import SqliteDatabase from 'better-sqlite3';
import type { Database } from './statements.ts';

/** Bytes of the file that a reader may map: reading is then a matter of memory where the file is cached. */
const mappedBytes = 2 ** 32;

/**
 * A second connection to the same file that only reads. While rows are taken from it one by one, which may go on
 * between other work, the first connection stays free to write; what it writes meanwhile is not seen here.
 */
export function openReader(db: Database): Database {
  const reader = new SqliteDatabase(db.name, { readonly: true, timeout: 10_000 });
  reader.pragma(`mmap_size = ${mappedBytes}`);
  return reader;
}
