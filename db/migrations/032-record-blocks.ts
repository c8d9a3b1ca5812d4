import type { Migration } from './migration.ts';

/**
 * Split and label of records stand in lists of numbers, beside their rows, in place of three indexes: keeping those took
 * more than half of the time of adding a record. Imports under way begin anew: what they know of their source changes too.
 */
export const recordBlocks: Migration = {
  version: 32,
  sql: `
-- The labels of a dataset's records, numbered from 1 as they came; a label keeps its place.
CREATE TABLE record_labels (
  dataset INTEGER NOT NULL REFERENCES datasets (number) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  label TEXT NOT NULL,
  PRIMARY KEY (dataset, label)
) STRICT, WITHOUT ROWID;

-- A dataset's records from the id 'first' on, whose ids follow each other.
CREATE TABLE record_blocks (
  dataset INTEGER NOT NULL REFERENCES datasets (number) ON DELETE CASCADE,
  first INTEGER NOT NULL,
  records INTEGER NOT NULL,
  -- for each, 4 x its label's place (0: none) + its split's (train, validation, test), as an unsigned 32-bit number, little-endian
  facets BLOB NOT NULL,
  PRIMARY KEY (dataset, first)
) STRICT;

INSERT INTO record_labels
  SELECT dataset, row_number() OVER (PARTITION BY dataset ORDER BY label), label
  FROM (SELECT DISTINCT dataset, label FROM records WHERE label IS NOT NULL);

INSERT INTO record_blocks
  SELECT dataset, min(id), count(*), unhex(group_concat(
    printf('%02X%02X%02X%02X', facet & 255, facet >> 8 & 255, facet >> 16 & 255, facet >> 24), '' ORDER BY id))
  FROM (
    SELECT r.id, r.dataset, r.id - row_number() OVER (PARTITION BY r.dataset ORDER BY r.id) AS stretch,
      4 * coalesce(l.place, 0) + CASE r.split WHEN 'train' THEN 0 WHEN 'validation' THEN 1 ELSE 2 END AS facet
    FROM records r LEFT JOIN record_labels l ON l.dataset = r.dataset AND l.label = r.label
  )
  GROUP BY dataset, stretch, id / 8192 ORDER BY dataset, min(id);

DROP INDEX records_in_order;
DROP INDEX records_by_split;
DROP INDEX records_by_label;

UPDATE datasets SET import_progress = NULL WHERE state = 'importing';
`,
};
