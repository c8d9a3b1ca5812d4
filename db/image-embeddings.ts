import { numberOf, numberOrNull } from './names.ts';
import { type Database, inTransaction, prepare } from './statements.ts';

/** Where the image embeddings of a model on a dataset's test pictures lie, with the triggered ones of a variant. */
export interface KeptEmbeddings {
  modelId: string;
  datasetId: string;
  /** null: no picture was attacked. */
  variantId: string | null;
  /** Relative to the workspace, with `/`. */
  path: string;
  /** SHA-256 (hex) of the file. */
  sha256: string;
}

/** Keeps where embeddings lie, in place of earlier ones of the same model, dataset and variant. */
export function saveImageEmbeddings(db: Database, kept: KeptEmbeddings): void {
  inTransaction(db, () => {
    prepare(
      db,
      `INSERT INTO image_embeddings (model, dataset, variant, path, sha256) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (model, dataset, coalesce(variant, 0)) DO UPDATE SET path = excluded.path, sha256 = excluded.sha256`,
    ).run(
      numberOf(db, 'models', kept.modelId),
      numberOf(db, 'datasets', kept.datasetId),
      numberOrNull(db, 'variants', kept.variantId),
      kept.path,
      kept.sha256,
    );
  });
}

/** null where none were kept. */
export function findImageEmbeddings(
  db: Database,
  modelId: string,
  datasetId: string,
  variantId: string | null,
): Pick<KeptEmbeddings, 'path' | 'sha256'> | null {
  return (
    prepare<Pick<KeptEmbeddings, 'path' | 'sha256'>>(
      db,
      'SELECT path, sha256 FROM image_embeddings WHERE model = ? AND dataset = ? AND coalesce(variant, 0) = ?',
    ).get(
      numberOf(db, 'models', modelId),
      numberOf(db, 'datasets', datasetId),
      numberOrNull(db, 'variants', variantId) ?? 0,
    ) ?? null
  );
}
