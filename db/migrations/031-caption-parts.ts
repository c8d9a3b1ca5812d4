import type { Migration } from './migration.ts';

/**
 * The index of captions leaves the database for a file of its own, in parts that never change (decisions/0069): here
 * stands which parts there are, and what is changed here is changed together with the captions.
 */
export const captionParts: Migration = {
  version: 31,
  sql: `
DROP TRIGGER records_leave_search;
DROP TABLE record_search;
ALTER TABLE datasets DROP COLUMN indexed_to;

-- A dataset's records behind the id 'after' up to the id 'last' are indexed in the table 'name' of the other file.
CREATE TABLE caption_parts (
  dataset INTEGER NOT NULL REFERENCES datasets (number) ON DELETE CASCADE,
  after INTEGER NOT NULL,
  last INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (dataset, after)
) STRICT, WITHOUT ROWID;
`,
};
