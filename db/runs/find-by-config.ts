import type { Run, RunConfig } from '#contract/run.ts';
import { type Database, prepare } from '../statements.ts';
import { findRunsById } from './runs.ts';

/** A run with exactly this configuration, a finished one before others, the oldest of them; null: there is none. */
export function findRunByConfig(db: Database, config: RunConfig): Run | null {
  const row = prepare<{ id: string }>(
    db,
    `SELECT id FROM runs WHERE deleted_at IS NULL AND method = ? AND config = ?
     ORDER BY state = 'done' DESC, number LIMIT 1`,
  ).get(config.method, JSON.stringify(config));
  const [run = null] = row === undefined ? [] : findRunsById(db, [row.id]);
  return run;
}
