import type { Database } from './statements.ts';

/** Pages: 64 MiB. */
const rarePages = 16_000;

/**
 * Has what is written copied into the database file after 64 MiB of it in place of 4: pages that each of many transactions
 * changes are then copied, and waited for, a sixteenth as often. That is a fifth of the time of a long import.
 * @returns ends it: the next transaction copies what is left
 */
export function checkpointRarely(db: Database): () => void {
  const usual = Number(db.pragma('wal_autocheckpoint', { simple: true }));
  db.pragma(`wal_autocheckpoint = ${rarePages}`);
  return () => void db.pragma(`wal_autocheckpoint = ${usual}`);
}
