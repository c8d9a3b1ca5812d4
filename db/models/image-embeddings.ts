import type { Measured } from '#contract/evaluation.ts';
import { numberOf, numberOrNull } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';

/** Where the image embeddings of a model on a dataset's test pictures lie, with those of the triggered ones. */
export interface KeptEmbeddings extends Measured {
  /** Relative to the workspace, with `/`. */
  path: string;
  /** SHA-256 (hex) of the file. */
  sha256: string;
}

/** Keeps where embeddings lie, in place of earlier ones of the same model, dataset and attack. */
export function saveImageEmbeddings(db: Database, kept: KeptEmbeddings): void {
  inTransaction(db, () => {
    prepare(
      db,
      `INSERT INTO image_embeddings (model, dataset, variant, part, path, sha256) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (model, dataset, coalesce(variant, 0), part) DO UPDATE SET path = excluded.path, sha256 = excluded.sha256`,
    ).run(
      numberOf(db, 'models', kept.modelId),
      numberOf(db, 'datasets', kept.datasetId),
      numberOrNull(db, 'variants', kept.variantId),
      kept.part,
      kept.path,
      kept.sha256,
    );
  });
}

/** null where none were kept. */
export function findImageEmbeddings(
  db: Database,
  measured: Measured,
): Pick<KeptEmbeddings, 'path' | 'sha256'> | null {
  return (
    prepare<Pick<KeptEmbeddings, 'path' | 'sha256'>>(
      db,
      `SELECT path, sha256 FROM image_embeddings
       WHERE model = ? AND dataset = ? AND coalesce(variant, 0) = ? AND part = ?`,
    ).get(
      numberOf(db, 'models', measured.modelId),
      numberOf(db, 'datasets', measured.datasetId),
      numberOrNull(db, 'variants', measured.variantId) ?? 0,
      measured.part,
    ) ?? null
  );
}
