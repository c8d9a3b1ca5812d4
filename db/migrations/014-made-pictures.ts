import type { Migration } from './migration.ts';

/**
 * Which datasets' pictures the program wrote itself, under `root`: they may be removed with the dataset. In older
 * workspaces that is the first emoji dataset of its name; a copy of it that came back with a variant only refers to
 * the same folder. Models are found by the hash of their weights.
 */
export const madePictures: Migration = {
  version: 14,
  sql: `
ALTER TABLE datasets ADD COLUMN pictures_made INTEGER NOT NULL DEFAULT 0;
UPDATE datasets SET pictures_made = 1
  WHERE name = 'emoji' AND json_valid(source) AND json_extract(source, '$.kind') = 'emoji';
CREATE INDEX checkpoints_by_weights ON checkpoints (weights_sha256);
`,
};
