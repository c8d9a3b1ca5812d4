import SqliteDatabase from 'better-sqlite3';
import type { Database } from './statements.ts';

/** Bytes of the file that a reader may map: reading is then a matter of memory where the file is cached. */
const mappedBytes = 2 ** 32;

/**
 * Reads through a second connection to the same file, all of one moment. While rows are taken from it one by one, which
 * may go on between other work, the first connection stays free to write; what it writes meanwhile is not seen here.
 */
export function* readBeside<T>(
  db: Database,
  read: (reader: Database) => Generator<T, void>,
): Generator<T, void> {
  const reader = new SqliteDatabase(db.name, { readonly: true, timeout: 10_000 });
  try {
    reader.pragma(`mmap_size = ${mappedBytes}`);
    reader.exec('BEGIN');
    yield* read(reader);
  } finally {
    reader.close();
  }
}
