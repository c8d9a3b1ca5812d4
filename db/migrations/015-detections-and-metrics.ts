import type { Migration } from './migration.ts';

/**
 * Detections of poisoned pairs and scans of models: they go with the model, dataset or variant that they are of. Metrics
 * of evaluations beside CA and ASR are a row each, so that a new one needs no column.
 */
export const detectionsAndMetrics: Migration = {
  version: 15,
  sql: `
CREATE TABLE detections (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  model INTEGER NOT NULL REFERENCES models (number) ON DELETE CASCADE,
  dataset INTEGER NOT NULL REFERENCES datasets (number) ON DELETE CASCADE,
  variant INTEGER REFERENCES variants (number) ON DELETE CASCADE,
  settings TEXT NOT NULL,
  pairs INTEGER NOT NULL,
  -- of a variant: how many of the pairs its manifest lists; NULL where there is none
  poisoned INTEGER,
  auroc REAL,
  -- JSON: share of the pairs -> share of the poison among the most suspicious
  recall TEXT NOT NULL,
  environment TEXT NOT NULL,
  seconds REAL NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX detections_by_model ON detections (model);
CREATE INDEX detections_by_dataset ON detections (dataset);
CREATE INDEX detections_by_variant ON detections (variant);

-- place 1 is the most suspicious
CREATE TABLE detection_scores (
  detection INTEGER NOT NULL REFERENCES detections (number) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  record INTEGER NOT NULL,
  score REAL NOT NULL,
  poisoned INTEGER NOT NULL CHECK (poisoned IN (0, 1)),
  PRIMARY KEY (detection, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE scans (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  model INTEGER NOT NULL REFERENCES models (number) ON DELETE CASCADE,
  dataset INTEGER NOT NULL REFERENCES datasets (number) ON DELETE CASCADE,
  settings TEXT NOT NULL,
  result TEXT NOT NULL,
  environment TEXT NOT NULL,
  seconds REAL NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX scans_by_model ON scans (model);
CREATE INDEX scans_by_dataset ON scans (dataset);

CREATE TABLE evaluation_metrics (
  evaluation INTEGER NOT NULL REFERENCES evaluations (number) ON DELETE CASCADE,
  metric TEXT NOT NULL,
  hits INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (evaluation, metric)
) STRICT, WITHOUT ROWID;
`,
};
