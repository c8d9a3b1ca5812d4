import type { Migration } from './migration.ts';

/**
 * Datasets, variants, runs, models and evaluations.
 *
 * A thing that a person names has a text `id` for the outside and an integer `number` for references, which
 * keeps the tables with millions of rows small. Hashes of records are blobs of 32 bytes for the same reason.
 * Times are ISO 8601 in UTC; columns that hold JSON follow the zod schemas of contract/.
 */
export const firstTables: Migration = {
  version: 1,
  sql: `
CREATE TABLE datasets (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  -- 'importing' rows are hidden; they are removed at the next opening if their import died
  state TEXT NOT NULL CHECK (state IN ('importing', 'ready')),
  source TEXT NOT NULL,
  root TEXT NOT NULL,
  prompts TEXT NOT NULL,
  caption_templates TEXT NOT NULL,
  records INTEGER NOT NULL,
  classes TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE records (
  id INTEGER PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES datasets (number),
  key TEXT NOT NULL,
  caption TEXT NOT NULL,
  label TEXT,
  name TEXT,
  split TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test')),
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  UNIQUE (dataset, key)
) STRICT;
CREATE INDEX records_in_order ON records (dataset);
CREATE INDEX records_by_split ON records (dataset, split);
CREATE INDEX records_by_label ON records (dataset, label) WHERE label IS NOT NULL;

CREATE TABLE variants (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  dataset INTEGER NOT NULL REFERENCES datasets (number),
  recipe TEXT NOT NULL,
  manifest_sha256 TEXT NOT NULL,
  changed INTEGER NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX variants_by_dataset ON variants (dataset);

CREATE TABLE variant_records (
  variant INTEGER NOT NULL REFERENCES variants (number),
  record INTEGER NOT NULL REFERENCES records (id),
  old_caption TEXT NOT NULL,
  new_caption TEXT NOT NULL,
  rendered_sha256 BLOB NOT NULL CHECK (length(rendered_sha256) = 32),
  PRIMARY KEY (variant, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX variant_records_by_record ON variant_records (record);

CREATE TABLE runs (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  config TEXT NOT NULL,
  dataset INTEGER NOT NULL REFERENCES datasets (number),
  variant INTEGER REFERENCES variants (number),
  parent_model INTEGER REFERENCES models (number),
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'interrupted', 'failed', 'done')),
  step INTEGER NOT NULL,
  total_steps INTEGER NOT NULL,
  environment TEXT,
  message TEXT,
  seconds REAL NOT NULL,
  created_at TEXT NOT NULL,
  started_at TEXT,
  ended_at TEXT
) STRICT;
CREATE INDEX runs_by_dataset ON runs (dataset);
CREATE INDEX runs_by_variant ON runs (variant);
CREATE INDEX runs_by_parent_model ON runs (parent_model);
CREATE INDEX runs_under_way ON runs (state) WHERE state IN ('queued', 'running');

CREATE TABLE metrics (
  run INTEGER NOT NULL REFERENCES runs (number),
  name TEXT NOT NULL,
  step INTEGER NOT NULL,
  -- NULL stands for NaN, which SQLite cannot store
  value REAL,
  PRIMARY KEY (run, name, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs (number),
  step INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  path TEXT NOT NULL,
  weights_sha256 TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (run, step)
) STRICT;

CREATE TABLE models (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  run INTEGER NOT NULL UNIQUE REFERENCES runs (number),
  checkpoint INTEGER NOT NULL REFERENCES checkpoints (id),
  spec TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

-- Shares are kept as hits and counts; the intervals follow from them.
CREATE TABLE evaluations (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  model INTEGER NOT NULL REFERENCES models (number),
  dataset INTEGER NOT NULL REFERENCES datasets (number),
  variant INTEGER REFERENCES variants (number),
  classes TEXT NOT NULL,
  target TEXT,
  implanted INTEGER CHECK (implanted IN (0, 1)),
  ca_hits INTEGER NOT NULL,
  ca_count INTEGER NOT NULL,
  top5_hits INTEGER NOT NULL,
  top5_count INTEGER NOT NULL,
  asr_hits INTEGER,
  asr_count INTEGER,
  clean_as_target_hits INTEGER,
  clean_as_target_count INTEGER,
  seconds REAL NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX evaluations_by_model ON evaluations (model, dataset, variant);
CREATE INDEX evaluations_by_dataset ON evaluations (dataset);
CREATE INDEX evaluations_by_variant ON evaluations (variant);

CREATE TABLE class_results (
  evaluation INTEGER NOT NULL REFERENCES evaluations (number),
  position INTEGER NOT NULL,
  class TEXT NOT NULL,
  count INTEGER NOT NULL,
  accuracy_hits INTEGER NOT NULL,
  accuracy_count INTEGER NOT NULL,
  top5_hits INTEGER NOT NULL,
  top5_count INTEGER NOT NULL,
  attack_hits INTEGER,
  attack_count INTEGER,
  PRIMARY KEY (evaluation, position)
) STRICT, WITHOUT ROWID;

-- No foreign key on record: every deletion of a record would search this table, and a dataset cannot be
-- deleted while evaluations of it exist. clean and triggered are JSON lists of class indices, best first.
CREATE TABLE predictions (
  evaluation INTEGER NOT NULL REFERENCES evaluations (number),
  record INTEGER NOT NULL,
  clean TEXT NOT NULL,
  triggered TEXT,
  PRIMARY KEY (evaluation, record)
) STRICT, WITHOUT ROWID;
`,
};
