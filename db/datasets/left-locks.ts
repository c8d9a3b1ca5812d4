import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { acquireProcessLock, removeLockFile } from '../process-lock.ts';
import { type Database, prepare } from '../statements.ts';

/** A younger file may be one that its program has made and not locked yet. */
const youngMs = 60_000;

/**
 * Removes the locks that programs left which died before their dataset's row was there, or after it was whole. Those of
 * hidden datasets go with them.
 */
export function removeLeftLocks(db: Database): void {
  if (db.memory) return;
  const folder = dirname(db.name);
  const before = `${basename(db.name)}.`;
  const hidden = prepare<{ id: string }>(db, "SELECT id FROM datasets WHERE id = ? AND state <> 'ready'");
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(before) || !name.endsWith('.lock')) continue;
    const id = name.slice(before.length, -'.lock'.length);
    const path = join(folder, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (!id.startsWith('ds_') || age < youngMs || hidden.get(id) !== undefined) continue;
    const lock = acquireProcessLock(path);
    if (lock === null) continue;
    lock.release();
    removeLockFile(path);
  }
}
