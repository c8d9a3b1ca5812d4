import type { Migration } from './migration.ts';

/**
 * Which attack of a variant was measured, counted from 0: of a variant with several each is measured on its own. What
 * was measured before was measured under the first; 0 stands where nothing was attacked too.
 */
export const attackParts: Migration = {
  version: 10,
  sql: `
ALTER TABLE evaluations ADD COLUMN part INTEGER NOT NULL DEFAULT 0 CHECK (part >= 0);
ALTER TABLE image_embeddings ADD COLUMN part INTEGER NOT NULL DEFAULT 0 CHECK (part >= 0);
DROP INDEX image_embeddings_of_model;
CREATE UNIQUE INDEX image_embeddings_of_model ON image_embeddings (model, dataset, coalesce(variant, 0), part);
`,
};
