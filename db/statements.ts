import type SqliteDatabase from 'better-sqlite3';

export type Database = SqliteDatabase.Database;

/** What SQLite takes as a parameter and gives as a column. */
export type SqlValue = string | number | null | Uint8Array;

const caches = new WeakMap<Database, Map<string, SqliteDatabase.Statement<SqlValue[], unknown>>>();

/**
 * The prepared statement of `sql`, made once per database. `Row` is what its columns give; the caller vouches
 * for it, since SQLite's columns carry no type that TypeScript could check.
 */
export function prepare<Row = never>(db: Database, sql: string): SqliteDatabase.Statement<SqlValue[], Row> {
  let cache = caches.get(db);
  if (cache === undefined) {
    cache = new Map();
    caches.set(db, cache);
  }
  let statement = cache.get(sql);
  if (statement === undefined) {
    statement = db.prepare<SqlValue[], unknown>(sql);
    cache.set(sql, statement);
  }
  return statement as SqliteDatabase.Statement<SqlValue[], Row>;
}

/**
 * Runs `work` in one transaction that takes the write lock at once, so that what it reads stays true until it
 * has written. Inside another transaction it joins that one.
 */
export function inTransaction<T>(db: Database, work: () => T): T {
  return db.transaction(work).immediate();
}
