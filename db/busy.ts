import { setTimeout as wait } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { WorkbenchError } from '#contract/errors.ts';
import type { Database } from './statements.ts';

/** How long one try may block this process while another program writes. */
const tryMs = 100;
const pauseMs = 400;

/** Whether a write failed because another program holds the database's lock. */
export function isBusy(error: unknown): boolean {
  return error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** Does `work` at once or not at all where another program writes: this process is not held up. */
export function withoutWaiting<T>(db: Database, work: () => T): T {
  const usual = Number(db.pragma('busy_timeout', { simple: true }));
  db.pragma(`busy_timeout = ${tryMs}`);
  try {
    return work();
  } finally {
    db.pragma(`busy_timeout = ${usual}`);
  }
}

/**
 * Does `work`, one transaction, again and again while another program holds the database; other things go on in this
 * process meanwhile.
 * @param patienceMs after this it gives up
 * @throws WorkbenchError `busy` once it gave up; what `work` throws otherwise
 */
export async function whenWritable<T>(
  db: Database,
  work: () => T,
  { patienceMs = 120_000, signal }: { patienceMs?: number; signal?: AbortSignal } = {},
): Promise<T> {
  const begun = performance.now();
  for (;;) {
    try {
      return withoutWaiting(db, work);
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() - begun > patienceMs || signal?.aborted) throw describeBusy(db, error);
    }
    await wait(pauseMs);
  }
}

/** The error of a write that another program kept from happening. */
export function describeBusy(db: Database, cause: unknown): WorkbenchError {
  return new WorkbenchError(
    'busy',
    `Another program holds ${db.name} and lets nobody write to it: close it, then try again. Nothing was changed.`,
    { path: db.name },
    { cause },
  );
}
