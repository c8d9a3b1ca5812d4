import type { Migration } from './migration.ts';

/** The order of a dataset's keys, so that a record is found by its place in it without a walk over all before it. */
export const keyOrder: Migration = {
  version: 12,
  sql: `
CREATE TABLE key_order (
  dataset INTEGER NOT NULL REFERENCES datasets (number),
  part INTEGER NOT NULL,
  -- ids of records as unsigned 32-bit numbers, little-endian
  ids BLOB NOT NULL,
  PRIMARY KEY (dataset, part)
) STRICT;
`,
};
