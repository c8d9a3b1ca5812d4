import { now, numberOf } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';

export interface LogLine {
  /** ISO 8601, UTC. */
  time: string;
  text: string;
}

/** Adds a line to a run's log. */
export function addLogLine(db: Database, runId: string, text: string): void {
  inTransaction(db, () => {
    const run = numberOf(db, 'runs', runId);
    prepare(
      db,
      `INSERT INTO run_log (run, line, time, text)
       VALUES (?, (SELECT coalesce(max(line), 0) + 1 FROM run_log WHERE run = ?), ?, ?)`,
    ).run(run, run, now(), text);
  });
}

/** The last `lines` lines of a run's log, oldest first. */
export function readLog(db: Database, runId: string, lines: number): LogLine[] {
  return prepare<LogLine>(db, 'SELECT time, text FROM run_log WHERE run = ? ORDER BY line DESC LIMIT ?')
    .all(numberOf(db, 'runs', runId), lines)
    .reverse();
}
