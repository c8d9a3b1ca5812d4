import type { Migration } from './migration.ts';

/** How far an import has come that is under way, or was cut short: the same import goes on from there. */
export const resumableImports: Migration = {
  version: 26,
  sql: `
-- JSON (db/datasets/dataset-import); NULL: it cannot go on, and goes at the next opening
ALTER TABLE datasets ADD COLUMN import_progress TEXT;
`,
};
