import type { Migration } from './migration.ts';

/** Which part of its recipe changed a record of a variant: recipes had one part before. */
export const variantParts: Migration = {
  version: 6,
  sql: `
ALTER TABLE variant_records ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
`,
};
