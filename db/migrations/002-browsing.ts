import type { Migration } from './migration.ts';

/**
 * Search in captions, counts, tags and saved views: what browsing needs.
 *
 * Captions are indexed when an import ends, in large parts, not row by row: that takes a tenth of the time (see
 * docs/performance.md). `indexed_to` says how far; records never change, so deletion alone needs a trigger.
 * Letters are folded and lose their accents; symbols count as letters, so that emoji can be searched for.
 */
export const browsing: Migration = {
  version: 2,
  sql: `
CREATE VIRTUAL TABLE record_search USING fts5 (
  caption, content = 'records', content_rowid = 'id', columnsize = 0, prefix = '1 2',
  tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co So'"
);
INSERT INTO record_search (rowid, caption) SELECT id, caption FROM records ORDER BY id;

-- Records up to this id are in record_search.
ALTER TABLE datasets ADD COLUMN indexed_to INTEGER NOT NULL DEFAULT 0;
UPDATE datasets SET indexed_to = coalesce((SELECT max(id) FROM records WHERE dataset = number), 0);
CREATE TRIGGER records_leave_search AFTER DELETE ON records
WHEN old.id <= (SELECT indexed_to FROM datasets WHERE number = old.dataset)
BEGIN
  INSERT INTO record_search (record_search, rowid, caption) VALUES ('delete', old.id, old.caption);
END;

-- How many records have a split or a label; a label that is NULL is that of records without one.
CREATE TABLE record_counts (
  dataset INTEGER NOT NULL REFERENCES datasets (number),
  facet TEXT NOT NULL CHECK (facet IN ('split', 'label')),
  value TEXT,
  count INTEGER NOT NULL
) STRICT;
CREATE INDEX record_counts_by_dataset ON record_counts (dataset, facet);
INSERT INTO record_counts SELECT dataset, 'split', split, count(*) FROM records GROUP BY dataset, split;
INSERT INTO record_counts SELECT dataset, 'label', label, count(*) FROM records GROUP BY dataset, label;

CREATE TABLE tags (
  number INTEGER PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES datasets (number),
  name TEXT NOT NULL,
  records INTEGER NOT NULL,
  -- counts changes, so that a program that remembers a tag's records can tell that they are old
  revision INTEGER NOT NULL,
  UNIQUE (dataset, name)
) STRICT;

CREATE TABLE record_tags (
  tag INTEGER NOT NULL REFERENCES tags (number),
  record INTEGER NOT NULL REFERENCES records (id),
  PRIMARY KEY (tag, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_tags_by_record ON record_tags (record);

CREATE TABLE saved_views (
  id INTEGER PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES datasets (number),
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  UNIQUE (dataset, name)
) STRICT;
`,
};
