import { whenWritable } from '#db/busy.ts';
import type { Workspace } from './workspace.ts';

/**
 * Waits until no other program writes to the database. SQLite's own waiting would hold up everything else in this
 * process meanwhile.
 * @throws WorkbenchError `busy` where it takes longer than `patienceMs`
 */
export function untilWritable({ db }: Workspace, patienceMs: number): Promise<void> {
  // The lock alone tells; nothing is written.
  return whenWritable(db, () => void db.exec('BEGIN IMMEDIATE; ROLLBACK'), { patienceMs });
}
