import type { Migration } from './migration.ts';

/** Sweeps: many runs from one file, with what each varied. A run that is deleted is planned anew. */
export const sweeps: Migration = {
  version: 25,
  sql: `
CREATE TABLE sweeps (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  -- JSON: a sweepFileSchema
  file TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'running', 'paused', 'failed', 'done')),
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE sweep_runs (
  sweep INTEGER NOT NULL REFERENCES sweeps (number) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  -- JSON: what was varied -> its value
  varied TEXT NOT NULL,
  -- JSON: a runFileSchema
  file TEXT NOT NULL,
  run INTEGER REFERENCES runs (number) ON DELETE SET NULL,
  -- why it could not be made
  message TEXT,
  PRIMARY KEY (sweep, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX sweep_runs_by_run ON sweep_runs (run) WHERE run IS NOT NULL;
CREATE INDEX runs_by_config ON runs (method, config);
`,
};
