import type { Migration } from './migration.ts';

/** Datasets that nothing uses may change: classes get other names, and a source that is read again adds what is new. */
export const datasetChanges: Migration = {
  version: 27,
  sql: `
-- how often its records were changed: what is remembered of them is old when it grows
ALTER TABLE datasets ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
-- how it was read (main/workbench/datasets/importing/import-requests), as JSON; NULL: imported before this was kept
ALTER TABLE datasets ADD COLUMN import_request TEXT;
-- 'gone': its source lists it no longer
CREATE TABLE found_states (
  record INTEGER PRIMARY KEY REFERENCES records (id),
  dataset INTEGER NOT NULL REFERENCES datasets (number),
  state TEXT NOT NULL CHECK (state IN ('missing', 'changed', 'gone'))
) STRICT;
INSERT INTO found_states SELECT record, dataset, state FROM record_states;
DROP TABLE record_states;
ALTER TABLE found_states RENAME TO record_states;
CREATE INDEX record_states_by_dataset ON record_states (dataset, state, record);
`,
};
