import SqliteDatabase from 'better-sqlite3';
import type { Database } from './statements.ts';

/** Pages: 64 MiB. */
const rarePages = 16_000;

/** With what the program's own connection keeps, enough that the index of a large dataset is not read again and again. */
const cacheKiB = 32_768;

/**
 * A second connection to a database for many large transactions that add rows, to be closed after them.
 *
 * What is written is copied into the database file after 64 MiB of it in place of 4: pages that each transaction changes are
 * then copied, and waited for, a sixteenth as often, which is a fifth of the time of a long import. Who adds rows through it
 * vouches for them: whether their dataset exists and their split is one is not checked for each, which is a fifth of the
 * time of adding a row.
 */
export function openLongWriter(db: Database): Database {
  const writer = new SqliteDatabase(db.name, { timeout: 10_000 });
  writer.pragma('synchronous = NORMAL');
  writer.pragma(`cache_size = -${cacheKiB}`);
  writer.pragma(`wal_autocheckpoint = ${rarePages}`);
  writer.pragma('foreign_keys = OFF');
  writer.pragma('ignore_check_constraints = ON');
  return writer;
}
