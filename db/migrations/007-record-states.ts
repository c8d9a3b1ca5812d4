import type { Migration } from './migration.ts';

/** What an import left out, and pictures that are no longer as they were imported. */
export const recordStates: Migration = {
  version: 7,
  sql: `
-- how many rows the import left out; skipped_rows has the first of them
ALTER TABLE datasets ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0;
CREATE TABLE skipped_rows (
  dataset INTEGER NOT NULL REFERENCES datasets (number),
  place INTEGER NOT NULL,
  -- a number in a CSV file, a path in a folder
  source ANY NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (dataset, place)
) STRICT, WITHOUT ROWID;

-- Checks of the picture files so far, and when the last one ended.
ALTER TABLE datasets ADD COLUMN checks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE datasets ADD COLUMN checked_at TEXT;
-- What the last check found; records that are not here have their pictures as imported.
CREATE TABLE record_states (
  record INTEGER PRIMARY KEY REFERENCES records (id),
  dataset INTEGER NOT NULL REFERENCES datasets (number),
  state TEXT NOT NULL CHECK (state IN ('missing', 'changed'))
) STRICT;
CREATE INDEX record_states_by_dataset ON record_states (dataset, state, record);
`,
};
