import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { WorkbenchError } from '#contract/errors.ts';
import { removeUnfinishedImports } from './datasets/dataset-import.ts';
import { removeLeftLocks } from './datasets/left-locks.ts';
import { allMigrations } from './migrations/all-migrations.ts';
import type { Migration } from './migrations/migration.ts';
import type { Database } from './statements.ts';

export type { Database } from './statements.ts';

/** Pages kept in memory; a large import keeps as many again (long-writes.ts). */
const cacheKiB = 32_768;

export interface OpenOptions {
  /** The schema's steps; another list than all of them serves tests of migration. */
  migrations?: readonly Migration[];
  /** How long a statement waits for another program's write, in milliseconds. */
  busyTimeoutMs?: number;
}

/**
 * Opens the workspace's database at `path`, makes it where there is none, and brings it to the newest schema;
 * a database that needs that is first copied beside itself (name, its version, the time). Imports that died
 * are removed.
 *
 * Errors: `newer-database` where a newer program wrote it; `corrupt-file` where it is no database of ours.
 */
export function openDatabase(path: string, options: OpenOptions = {}): Database {
  const { migrations = allMigrations, busyTimeoutMs = 10_000 } = options;
  const file = resolve(path);
  mkdirSync(dirname(file), { recursive: true });
  // Made for its owner alone; SQLite gives its other files the same rights.
  closeSync(openSync(file, 'a', 0o600));
  const db = new SqliteDatabase(file, { timeout: busyTimeoutMs });
  try {
    const version = readVersion(db, file);
    refuseNewer(file, version, migrations.length);
    refuseForeign(db, file, version);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma(`cache_size = -${cacheKiB}`);
    if (version > 0 && version < migrations.length) backUp(db, file, version);
    db.pragma('foreign_keys = OFF');
    for (const migration of migrations) migrate(db, file, migration, migrations.length);
    db.pragma('foreign_keys = ON');
    // Under fewer migrations, as tests make older workspaces, its columns are not all there.
    if (migrations === allMigrations) {
      removeUnfinishedImports(db);
      removeLeftLocks(db);
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function readVersion(db: Database, file: string): number {
  try {
    return userVersion(db);
  } catch (error) {
    if (!(error instanceof SqliteDatabase.SqliteError)) throw error;
    if (error.code !== 'SQLITE_NOTADB' && !error.code.startsWith('SQLITE_CORRUPT')) throw error;
    throw new WorkbenchError(
      'corrupt-file',
      `${file} is not a database, or it is damaged. Move it away to start afresh, or put a backup (its name with .v and a number) in its place.`,
      { path: file },
      { cause: error },
    );
  }
}

function userVersion(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

function refuseNewer(file: string, version: number, newest: number): void {
  if (version <= newest) return;
  throw new WorkbenchError(
    'newer-database',
    `${file} was written by a newer program (its schema is ${version}, this program knows ${newest}). Update this program, or choose another workspace.`,
    { path: file, version, newest },
  );
}

/** A database without our version but with tables is someone else's. */
function refuseForeign(db: Database, file: string, version: number): void {
  if (version > 0) return;
  const tables = db.prepare<[], { count: number }>('SELECT count(*) AS count FROM sqlite_schema').get();
  if (tables === undefined || tables.count === 0) return;
  // Another program of ours may have made the tables since the version was read.
  if (userVersion(db) > 0) return;
  throw new WorkbenchError(
    'corrupt-file',
    `${file} is a database of another program: choose another workspace.`,
    { path: file },
  );
}

/** Copies the database as it stands to NAME.vVERSION.TIME.backup; half a copy never carries that name. */
function backUp(db: Database, file: string, version: number): void {
  const time = new Date().toISOString().replaceAll(/[-:.]/g, '');
  const target = `${file}.v${version}.${time}.backup`;
  // Its name is one that the next start clears away (main/data/left-overs.ts), should this be killed.
  const partial = `${target}.${process.pid}.${randomBytes(4).toString('hex')}.part`;
  rmSync(partial, { force: true });
  try {
    db.prepare<[string]>('VACUUM INTO ?').run(partial);
    renameSync(partial, target);
  } catch (error) {
    if (existsSync(partial)) rmSync(partial);
    throw new WorkbenchError(
      'unavailable',
      `${file} could not be backed up before bringing it to this program's schema, and was left as it is. Free some disk space beside it and start again.`,
      { path: file },
      { cause: error },
    );
  }
}

/** Runs one migration and sets the version, both or neither. Another program may have done it meanwhile. */
function migrate(db: Database, file: string, migration: Migration, newest: number): void {
  const run = db.transaction(() => {
    const version = userVersion(db);
    refuseNewer(file, version, newest);
    if (version >= migration.version) return;
    db.exec(migration.sql);
    const broken = db.pragma('foreign_key_check');
    if (Array.isArray(broken) && broken.length > 0) {
      throw new WorkbenchError(
        'internal',
        `Migration ${migration.version} left references to missing rows.`,
        {
          broken: broken.slice(0, 10),
        },
      );
    }
    db.pragma(`user_version = ${migration.version}`);
  });
  if (userVersion(db) < migration.version) run.immediate();
}
