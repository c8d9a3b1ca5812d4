import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { beginImport, importDataset } from '#db/datasets/dataset-import.ts';
import { listDatasets } from '#db/datasets/datasets.ts';
import { countRecords } from '#db/datasets/records.ts';
import { allMigrations } from '#db/migrations/all-migrations.ts';
import type { Migration } from '#db/migrations/migration.ts';
import { openDatabase } from '#db/open.ts';
import { startProgram, waitForLine } from './child-process.ts';
import { datasetNamed, recordNumber } from './records-for-tests.ts';
import { temporaryFolder } from './temporary-database.ts';

const current = allMigrations.length;
/** What a later version of the program may bring. */
const next: Migration = {
  version: current + 1,
  sql: "ALTER TABLE datasets ADD COLUMN notes TEXT NOT NULL DEFAULT 'none'",
};

test('the migrations count 1, 2, 3 without gaps', () => {
  expect(allMigrations.map(({ version }) => version)).toEqual(allMigrations.map((_, i) => i + 1));
});

test('a new database is made with its folder, in WAL mode, with foreign keys and no backup', () => {
  const path = join(temporaryFolder(), 'a', 'b', 'workbench.sqlite');
  const db = openDatabase(path);
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
  expect(db.pragma('synchronous', { simple: true })).toBe(1);
  expect(db.pragma('user_version', { simple: true })).toBe(current);
  expect(listDatasets(db)).toEqual([]);
  db.close();
  expect(readdirSync(join(path, '..'))).toEqual(['workbench.sqlite']);
});

test('references to missing rows are refused', () => {
  const db = openDatabase(join(temporaryFolder(), 'workbench.sqlite'));
  expect(() => db.exec("INSERT INTO metrics (run, name, step, value) VALUES (99, 'loss', 1, 0.5)")).toThrow(
    /FOREIGN KEY/,
  );
  db.close();
});

test('a database of a newer program is refused and left as it is', () => {
  const path = join(temporaryFolder(), 'workbench.sqlite');
  openDatabase(path, { migrations: [...allMigrations, next] }).close();
  const before = readFileSync(path);
  expect(() => openDatabase(path)).toThrow(
    expect.objectContaining({
      kind: 'newer-database',
      message: expect.stringContaining('Update this program'),
    }),
  );
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('an older database is backed up, then migrated; its data stays in both', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'workbench.sqlite');
  const old = openDatabase(path);
  beginImport(old, datasetNamed('kept')).finish();
  // Left open, so that the row is still in the write-ahead log.
  const db = openDatabase(path, { migrations: [...allMigrations, next] });
  expect(db.pragma('user_version', { simple: true })).toBe(current + 1);
  expect(db.prepare('SELECT name, notes FROM datasets').all()).toEqual([{ name: 'kept', notes: 'none' }]);
  db.close();
  old.close();
  const backups = readdirSync(folder).filter((name) => name !== 'workbench.sqlite');
  expect(backups).toEqual([expect.stringMatching(/^workbench\.sqlite\.v\d+\.\w+\.backup$/)]);
  expect(backups[0]).toContain(`.v${current}.`);
  const backup = openDatabase(join(folder, backups[0] ?? ''));
  expect(listDatasets(backup).map(({ name }) => name)).toEqual(['kept']);
  backup.close();
});

test('a migration that fails changes nothing', () => {
  const path = join(temporaryFolder(), 'workbench.sqlite');
  openDatabase(path).close();
  const failing = { ...next, sql: `${next.sql}; INSERT INTO no_such_table VALUES (1)` };
  expect(() => openDatabase(path, { migrations: [...allMigrations, failing] })).toThrow(/no_such_table/);
  const db = openDatabase(path);
  expect(db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all('datasets')).not.toContain('notes');
  db.close();
});

test('a migration that leaves a reference to a missing row is undone', () => {
  const path = join(temporaryFolder(), 'workbench.sqlite');
  openDatabase(path).close();
  const dangling = {
    ...next,
    sql: `CREATE TABLE parents (id INTEGER PRIMARY KEY);
      CREATE TABLE children (parent INTEGER REFERENCES parents (id)); INSERT INTO children VALUES (7)`,
  };
  expect(() => openDatabase(path, { migrations: [...allMigrations, dangling] })).toThrow(/missing rows/);
  const db = openDatabase(path);
  expect(db.pragma('user_version', { simple: true })).toBe(current);
  db.close();
});

test('files that are no database of ours are refused', () => {
  const folder = temporaryFolder();
  const text = join(folder, 'text.sqlite');
  writeFileSync(text, 'certainly not a database, yet longer than the hundred bytes of its header'.repeat(9));
  expect(() => openDatabase(text)).toThrow(expect.objectContaining({ kind: 'corrupt-file' }));
  const foreign = join(folder, 'foreign.sqlite');
  const other = new SqliteDatabase(foreign);
  other.exec('CREATE TABLE recipes (name TEXT)');
  other.close();
  expect(() => openDatabase(foreign)).toThrow(expect.objectContaining({ kind: 'corrupt-file' }));
});

test('several programs may make and open one database at once', async () => {
  const path = join(temporaryFolder(), 'workbench.sqlite');
  await Promise.all(
    [1, 2, 3, 4].map(async () => {
      const program = startProgram('open-database.ts', path);
      const exited = once(program, 'exit');
      await waitForLine(program, `version ${current}`);
      expect((await exited)[0]).toBe(0);
    }),
  );
});

test('another connection reads while an import fills the database', async () => {
  const path = join(temporaryFolder(), 'workbench.sqlite');
  const db = openDatabase(path);
  const other = openDatabase(path, { busyTimeoutMs: 0 });
  async function* batches() {
    yield [recordNumber(1)];
    expect(listDatasets(other)).toEqual([]);
    other.exec('CREATE TEMP TABLE scratch (x); INSERT INTO scratch VALUES (1)');
    yield [recordNumber(2)];
  }
  const { id } = await importDataset(db, datasetNamed('pairs'), batches());
  expect(countRecords(other, id)).toBe(2);
  db.close();
  other.close();
});
