import type { Migration } from './migration.ts';

/**
 * What lists show of a model, beside its specification, which can be a hundred kilobytes. SQLite reads through a long
 * column to reach those behind it, so lists read the index alone.
 */
export const modelColumns: Migration = {
  version: 11,
  sql: `
ALTER TABLE models ADD COLUMN architecture TEXT NOT NULL DEFAULT '';
-- side of the pictures that it takes, px
ALTER TABLE models ADD COLUMN resolution INTEGER NOT NULL DEFAULT 0;
ALTER TABLE models ADD COLUMN has_head INTEGER NOT NULL DEFAULT 0 CHECK (has_head IN (0, 1));
UPDATE models SET architecture = coalesce(json_extract(spec, '$.architecture'), ''),
  resolution = coalesce(json_extract(spec, '$.clip.image.resolution'), 0),
  has_head = coalesce(json_type(spec, '$.headClasses') = 'array', 0);
CREATE INDEX models_in_lists ON models (number, id, run, architecture, resolution, has_head, created_at);
`,
};
