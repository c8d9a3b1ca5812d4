import type { Split } from '#contract/dataset.ts';
import { type Database, prepare } from '../statements.ts';

/** Pictures of one dataset with the same pixels, under several keys. */
export interface DuplicateGroup {
  sha256: string;
  pictures: { recordId: number; key: string; split: Split }[];
}

/**
 * Groups of different pictures of a dataset (its number) with the same pixels, at most `most`.
 */
export function listDuplicates(db: Database, dataset: number, most: number): DuplicateGroup[] {
  const hashes = prepare<{ sha256: Buffer }>(
    db,
    `SELECT sha256 FROM records WHERE dataset = ? GROUP BY sha256
     HAVING count(*) > 1 AND min(coalesce(picture, key)) <> max(coalesce(picture, key)) ORDER BY min(id) LIMIT ?`,
  ).all(dataset, most);
  const members = prepare<{ recordId: number; key: string; split: Split }>(
    db,
    `SELECT min(id) AS recordId, coalesce(picture, key) AS key, split FROM records
     WHERE dataset = ? AND sha256 = ? GROUP BY coalesce(picture, key), split ORDER BY min(id)`,
  );
  return hashes.map(({ sha256 }) => ({
    sha256: Buffer.from(sha256).toString('hex'),
    pictures: members.all(dataset, sha256),
  }));
}

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
