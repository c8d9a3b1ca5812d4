import type { Database } from './statements.ts';

const remembered = new WeakMap<Database, Map<string, unknown>>();

/**
 * Runs `work`, which reads and does not write, so that a row that it looks up again and again is read and parsed once.
 * For views over many runs, which share their models, variants and datasets. What it gives is shared: nobody may change it.
 */
export function readingOnce<T>(db: Database, work: () => T): T {
  if (remembered.has(db)) return work();
  remembered.set(db, new Map());
  try {
    return work();
  } finally {
    remembered.delete(db);
  }
}

/** What `read` gives, remembered under `key` within {@link readingOnce}; elsewhere it reads each time. */
export function rememberRead<T>(db: Database, key: string, read: () => T): T {
  const known = remembered.get(db);
  if (known === undefined) return read();
  if (!known.has(key)) known.set(key, read());
  // Only this key's reads put something there.
  return known.get(key) as T;
}
