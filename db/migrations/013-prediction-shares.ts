import type { Migration } from './migration.ts';

/** How sure a model was of its answers: JSON lists as long as those of clean and triggered; NULL in older evaluations. */
export const predictionShares: Migration = {
  version: 13,
  sql: `
ALTER TABLE predictions ADD COLUMN clean_shares TEXT;
ALTER TABLE predictions ADD COLUMN triggered_shares TEXT;
`,
};
