import { type Run, type RunConfig, runConfigSchema } from '#contract/run.ts';
import { type Database, prepare } from '../statements.ts';
import { findRunsById } from './runs.ts';

/**
 * A run with this configuration, a finished one before others, the oldest of them; null: there is none. Settings that
 * an older program did not know have the value that they have where they are left out.
 */
export function findRunByConfig(db: Database, config: RunConfig): Run | null {
  const wanted = JSON.stringify(runConfigSchema.parse(config));
  const alike = prepare<{ id: string; config: string }>(
    db,
    `SELECT id, config FROM runs
     WHERE deleted_at IS NULL AND method = ? AND config ->> '$.seed' = ? AND config ->> '$.data.id' = ?
     ORDER BY state = 'done' DESC, number`,
  ).all(config.method, config.seed, config.data.id);
  const found = alike.find((one) => completeText(JSON.parse(one.config)) === wanted);
  const [run = null] = found === undefined ? [] : findRunsById(db, [found.id]);
  return run;
}

/** The same for configurations that are the same; null for one that can no longer be read. */
function completeText(config: unknown): string | null {
  const parsed = runConfigSchema.safeParse(config);
  return parsed.success ? JSON.stringify(parsed.data) : null;
}
