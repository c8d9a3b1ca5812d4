import type { Migration } from './migration.ts';

/** Whether a run is measured when it is done, which is usual; and the tags that a person gives runs. */
export const measuringAndTags: Migration = {
  version: 20,
  sql: `
ALTER TABLE runs ADD COLUMN measure_at_end INTEGER NOT NULL DEFAULT 1 CHECK (measure_at_end IN (0, 1));
-- a JSON list of words, sorted
ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
`,
};
