import type { Migration } from './migration.ts';

/** A model is looked up by its weights through its checkpoint, without going through all models. */
export const modelsByCheckpoint: Migration = {
  version: 24,
  sql: `
CREATE INDEX models_by_checkpoint ON models (checkpoint) WHERE checkpoint IS NOT NULL;
`,
};
