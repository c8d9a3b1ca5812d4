import type { Api } from '#contract/api/api.ts';
import { whenWritable } from '#db/busy.ts';
import type { Database } from '#db/open.ts';

/** The calls that write to the database before they answer. */
const writing: { [Part in keyof Api]: readonly (keyof Api[Part])[] } = {
  workspace: ['saveSettings'],
  datasets: ['delete', 'tag', 'saveView', 'renameView', 'deleteView'],
  triggers: ['save', 'rename', 'remove', 'restore', 'import'],
  variants: ['remove', 'restore'],
  runs: ['create', 'resume', 'rename', 'note', 'archive', 'delete', 'undoDelete'],
  models: [],
  comparison: [],
};
const paths = new Set(
  Object.entries(writing).flatMap(([part, calls]) => calls.map((call) => `${part}/${call}`)),
);

/** A window waits as long as this for another program's write. */
const patienceMs = 10_000;

/**
 * Waits, where a call writes, until no other program does: SQLite's own waiting would hold up every other window and
 * job of this process meanwhile.
 * @throws WorkbenchError `busy` where it takes longer than ten seconds
 */
export async function untilWritable(db: Database, path: readonly string[]): Promise<void> {
  if (!paths.has(path.join('/'))) return;
  // The lock alone tells; nothing is written.
  await whenWritable(db, () => db.exec('BEGIN IMMEDIATE; ROLLBACK'), { patienceMs });
}
