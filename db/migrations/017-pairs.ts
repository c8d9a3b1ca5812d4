import type { Migration } from './migration.ts';

/**
 * Records are pairs: several may share a picture, and a picture may lie inside a file. In older workspaces each record
 * has a picture and a file of its own, under its key.
 */
export const pairs: Migration = {
  version: 17,
  sql: `
-- the key of the record's picture; NULL: the record's own
ALTER TABLE records ADD COLUMN picture TEXT;
-- where the picture is, as JSON; NULL: a file at the picture's key below the dataset's root
ALTER TABLE records ADD COLUMN source TEXT;
ALTER TABLE datasets ADD COLUMN pictures INTEGER NOT NULL DEFAULT 0;
UPDATE datasets SET pictures = records;
CREATE INDEX records_by_hash ON records (dataset, sha256);
-- what the import said about the dataset, as JSON
ALTER TABLE datasets ADD COLUMN import_notes TEXT NOT NULL DEFAULT '[]';
`,
};
