import type { Migration } from './migration.ts';

/**
 * A run is start x data x method: what was one kind becomes a method and a start, and a configuration says all three.
 * Numbers are taken over as they were written (`->` gives JSON, never a float that SQLite writes anew). CleanCLIP runs
 * without a way of making views made small ones.
 *
 * A model has an origin: a run and its checkpoint as before, or a file, with a name of its own. Its folder and hash
 * stand in `path` and `weights_sha256` where no checkpoint has them; `origin` is JSON (modelOriginSchema).
 */
export const startDataMethod: Migration = {
  version: 18,
  sql: `
ALTER TABLE runs RENAME COLUMN kind TO method;
ALTER TABLE runs ADD COLUMN architecture TEXT NOT NULL DEFAULT '';
-- records that the selection leaves out because the start model was poisoned with them
ALTER TABLE runs ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0 CHECK (left_out >= 0);
UPDATE runs SET method = 'mmcl' WHERE method = 'train';
UPDATE runs SET architecture = coalesce(config ->> '$.architecture', ''), config = json_object(
  'start', CASE
    WHEN parent_model IS NULL THEN json_object('kind', 'scratch', 'architecture', config ->> '$.architecture')
    ELSE json_object('kind', 'model', 'model', (SELECT id FROM models WHERE number = parent_model)) END,
  'data', json_object(
    'kind', iif(variant IS NULL, 'dataset', 'variant'),
    'id', coalesce((SELECT id FROM variants WHERE number = variant), (SELECT id FROM datasets WHERE number = dataset)),
    'selection', json_object('fraction', json(config -> '$.share'), 'withoutPoisoned', json('false'))),
  'method', method,
  'settings', json(CASE method
    WHEN 'cleanclip' THEN json_insert(
      json_remove(config, '$.kind', '$.architecture', '$.share', '$.seed'), '$.viewAugmentation', 'small')
    ELSE json_remove(
      config, '$.kind', '$.architecture', '$.share', '$.seed', '$.lambda', '$.viewAugmentation') END),
  'seed', json(config -> '$.seed'));

CREATE TABLE new_models (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  run INTEGER UNIQUE REFERENCES runs (number),
  checkpoint INTEGER REFERENCES checkpoints (id),
  name TEXT UNIQUE,
  path TEXT,
  weights_sha256 TEXT,
  origin TEXT,
  spec TEXT NOT NULL,
  created_at TEXT NOT NULL,
  architecture TEXT NOT NULL,
  -- side of the pictures that it takes, px
  resolution INTEGER NOT NULL,
  has_head INTEGER NOT NULL CHECK (has_head IN (0, 1)),
  CHECK ((run IS NULL) = (checkpoint IS NULL)),
  CHECK ((run IS NULL) = (name IS NOT NULL AND path IS NOT NULL AND weights_sha256 IS NOT NULL AND origin IS NOT NULL))
) STRICT;
INSERT INTO new_models (number, id, run, checkpoint, spec, created_at, architecture, resolution, has_head)
  SELECT number, id, run, checkpoint, spec, created_at, architecture, resolution, has_head FROM models;
DROP TABLE models;
ALTER TABLE new_models RENAME TO models;
CREATE INDEX models_in_lists ON models (number, id, run, name, architecture, resolution, has_head, created_at);
CREATE INDEX models_by_weights ON models (weights_sha256) WHERE weights_sha256 IS NOT NULL;
`,
};
