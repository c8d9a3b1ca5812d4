import { type Database, prepare } from '../statements.ts';

/**
 * SQL: whether a model, or any that it came from, was trained on a variant, both by number: 1, 0, or null where it goes
 * back to a file, so nobody knows.
 */
export const trainedOn = (model: string, variant: string): string => `(
  WITH RECURSIVE before(model) AS (
    SELECT ${model}
    UNION SELECT r.parent_model FROM before b JOIN models m ON m.number = b.model JOIN runs r ON r.number = m.run
    WHERE r.parent_model IS NOT NULL)
  SELECT CASE WHEN max(r.variant IS ${variant}) = 1 THEN 1 WHEN count(m.run) < count(*) THEN NULL ELSE 0 END
  FROM before b JOIN models m ON m.number = b.model LEFT JOIN runs r ON r.number = m.run)`;

/** {@link trainedOn} by ids. */
export function wasTrainedOn(db: Database, modelId: string, variantId: string): boolean | null {
  const row = prepare<{ trained: number | null }>(
    db,
    `SELECT ${trainedOn('m.number', 'v.number')} AS trained FROM models m, variants v WHERE m.id = ? AND v.id = ?`,
  ).get(modelId, variantId);
  return row?.trained == null ? null : row.trained === 1;
}
