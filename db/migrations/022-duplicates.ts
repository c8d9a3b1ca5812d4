import type { Migration } from './migration.ts';

/** What pictures look like, to find near duplicates, and the groups of duplicates that were found. */
export const duplicates: Migration = {
  version: 22,
  sql: `
-- core/pixels/look.ts; NULL: not worked out, as for what was imported before
ALTER TABLE records ADD COLUMN look BLOB;
-- when duplicates were last sought; NULL: never
ALTER TABLE datasets ADD COLUMN duplicates_at TEXT;

CREATE TABLE duplicate_groups (
  dataset INTEGER NOT NULL REFERENCES datasets (number),
  number INTEGER NOT NULL,
  -- near: not all of its pictures have the same pixels
  kind TEXT NOT NULL CHECK (kind IN ('exact', 'near')),
  -- it has training pictures and others
  leak INTEGER NOT NULL CHECK (leak IN (0, 1)),
  PRIMARY KEY (dataset, number)
) STRICT, WITHOUT ROWID;

-- the first record of each picture
CREATE TABLE duplicate_pictures (
  dataset INTEGER NOT NULL,
  number INTEGER NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY (dataset, number, record)
) STRICT, WITHOUT ROWID;
`,
};
