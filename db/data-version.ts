import { type Database, prepare } from './statements.ts';

/** A number that changes when another connection, that is another program, has written to the database. */
export function readDataVersion(db: Database): number {
  return Number(db.pragma('data_version', { simple: true }));
}

/** A text that changes when anything was written to the database, by this connection or another. */
export function readChangeMark(db: Database): string {
  const own = prepare<{ count: number }>(db, 'SELECT total_changes() AS count').get();
  return `${readDataVersion(db)} ${own?.count ?? 0}`;
}
