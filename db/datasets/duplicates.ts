import { type Database, prepare } from '../statements.ts';

export interface DuplicateCounts {
  /** Pictures beyond the first of each group. */
  repeated: number;
  /** Pictures of validation or test whose pixels are in the training pairs too. */
  leaked: number;
}

/** Counts of a dataset (its number). */
export function countDuplicates(db: Database, dataset: number): DuplicateCounts {
  const repeated = prepare<{ count: number }>(
    db,
    `SELECT coalesce(sum(pictures - 1), 0) AS count FROM (
       SELECT count(DISTINCT coalesce(picture, key)) AS pictures FROM records WHERE dataset = ?
       GROUP BY sha256 HAVING count(*) > 1)`,
  ).get(dataset);
  const leaked = prepare<{ count: number }>(
    db,
    `SELECT count(*) AS count FROM (
       SELECT DISTINCT coalesce(r.picture, r.key) FROM records r WHERE r.dataset = ? AND r.split <> 'train'
         AND EXISTS (SELECT 1 FROM records t WHERE t.dataset = r.dataset AND t.sha256 = r.sha256 AND t.split = 'train'))`,
  ).get(dataset);
  return { repeated: repeated?.count ?? 0, leaked: leaked?.count ?? 0 };
}
