import type { Migration } from './migration.ts';

/** A dataset may be imported without a look at its pictures: their hash is all zeros then, and their sizes are 0. */
export const uncheckedDatasets: Migration = {
  version: 30,
  sql: `
-- 1 until somebody looked at all its pictures
ALTER TABLE datasets ADD COLUMN unchecked INTEGER NOT NULL DEFAULT 0;
`,
};
