import type { Migration } from './migration.ts';

/** What a person keeps with runs, the order of the queue, runs' logs, and settings. */
export const runKeeping: Migration = {
  version: 4,
  sql: `
ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1));
-- when it was deleted: it is hidden at once, and its rows and files go later
ALTER TABLE runs ADD COLUMN deleted_at TEXT;
-- ascending; NULL where it does not wait
ALTER TABLE runs ADD COLUMN queue_place INTEGER;
ALTER TABLE runs ADD COLUMN evaluate_each_epoch INTEGER NOT NULL DEFAULT 0 CHECK (evaluate_each_epoch IN (0, 1));
CREATE INDEX runs_deleted ON runs (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE run_log (
  run INTEGER NOT NULL REFERENCES runs (number),
  line INTEGER NOT NULL,
  time TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (run, line)
) STRICT, WITHOUT ROWID;

-- value is JSON
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
