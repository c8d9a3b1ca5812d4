import type { Migration } from './migration.ts';

/**
 * What an evaluation was scored with, and the image embeddings that let it be scored again with other prompts.
 * A model with a linear head reads no prompts. The embeddings follow from model, dataset and variant: one file for
 * each such triple, which may be missing and is then made again.
 */
export const promptsOfEvaluations: Migration = {
  version: 3,
  sql: `
ALTER TABLE evaluations ADD COLUMN prompts TEXT;
UPDATE evaluations SET prompts = (SELECT d.prompts FROM datasets d WHERE d.number = evaluations.dataset)
WHERE (SELECT json_type(m.spec, '$.headClasses') FROM models m WHERE m.number = evaluations.model) = 'null';

CREATE TABLE image_embeddings (
  model INTEGER NOT NULL REFERENCES models (number) ON DELETE CASCADE,
  dataset INTEGER NOT NULL REFERENCES datasets (number) ON DELETE CASCADE,
  variant INTEGER REFERENCES variants (number) ON DELETE CASCADE,
  -- relative to the workspace
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL
) STRICT;
-- NULLs are never equal in a unique index: 0 stands for no variant.
CREATE UNIQUE INDEX image_embeddings_of_model ON image_embeddings (model, dataset, coalesce(variant, 0));
CREATE INDEX image_embeddings_by_dataset ON image_embeddings (dataset);
CREATE INDEX image_embeddings_by_variant ON image_embeddings (variant);
`,
};
