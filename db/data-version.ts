import type { Database } from './statements.ts';

/** A number that changes when another connection, that is another program, has written to the database. */
export function readDataVersion(db: Database): number {
  return Number(db.pragma('data_version', { simple: true }));
}
