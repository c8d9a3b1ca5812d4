import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Database, openDatabase } from '#db/open.ts';

/** A folder that goes with its test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ccw-db-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real database in a folder of its own, closed and removed with its test. */
export function temporaryDatabase(): Database {
  const db = openDatabase(join(temporaryFolder(), 'workbench.sqlite'));
  onTestFinished(() => void db.close());
  return db;
}
