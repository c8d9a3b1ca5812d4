import type { Split } from '#contract/dataset.ts';
import type { DuplicateCounts, DuplicateGroup } from '#contract/duplicates.ts';
import { now } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';
import { idSpans } from './record-blocks.ts';
import { pictureHash } from './stored-record.ts';

/** One picture of a dataset as duplicates are sought among. */
export interface LookedPicture {
  /** Its first record in the split. */
  record: number;
  split: Split;
  /** Hex; null: not looked at. */
  sha256: string | null;
  /** core/pixels/look; null: not worked out. */
  look: Buffer | null;
}

const pageRows = 20_000;

/** Every picture of a dataset (its number) once for each split that it is in, in the order of the import. */
export function* iteratePictures(db: Database, dataset: number): Generator<LookedPicture, void> {
  const counts = prepare<{ records: number; pictures: number }>(
    db,
    'SELECT records, pictures FROM datasets WHERE number = ?',
  ).get(dataset);
  const seen = counts?.records === counts?.pictures ? null : new Set<string>();
  const page = prepare<LookedPicture & { picture: string }>(
    db,
    `SELECT r.id AS record, coalesce(r.picture, r.key) AS picture, r.split, ${pictureHash} AS sha256, r.look FROM records r
     WHERE r.id > ? AND r.id <= ? ORDER BY r.id LIMIT ${pageRows}`,
  );
  for (const { first, last } of idSpans(db, dataset)) {
    for (let after = first - 1; ; ) {
      const rows = page.all(after, last);
      for (const { picture, ...row } of rows) {
        after = row.record;
        const name = `${row.split} ${picture}`;
        if (seen?.has(name)) continue;
        seen?.add(name);
        yield row;
      }
      if (rows.length < pageRows) break;
    }
  }
}

/** Keeps what pictures look like, by their first records. */
export function storeLooks(db: Database, looks: ReadonlyMap<number, Uint8Array>): void {
  const update = prepare(db, 'UPDATE records SET look = ? WHERE id = ?');
  inTransaction(db, () => {
    for (const [record, look] of looks) update.run(look, record);
  });
}

/** What the picture of each of these records looks like, where it is known. */
export function readLooks(db: Database, records: readonly number[]): Map<number, Uint8Array> {
  const rows = prepare<{ id: number; look: Buffer }>(
    db,
    'SELECT id, look FROM records WHERE look IS NOT NULL AND id IN (SELECT value FROM json_each(?))',
  ).all(JSON.stringify(records));
  return new Map(rows.map(({ id, look }) => [id, look]));
}

/** A group of duplicates as it is kept: the first record of each picture. */
export interface FoundGroup {
  kind: 'exact' | 'near';
  leak: boolean;
  records: readonly number[];
}

/** Keeps the groups of a dataset (its number) in the place of those that were found before. */
export function storeDuplicates(db: Database, dataset: number, groups: readonly FoundGroup[]): void {
  inTransaction(db, () => {
    prepare(db, 'DELETE FROM duplicate_pictures WHERE dataset = ?').run(dataset);
    prepare(db, 'DELETE FROM duplicate_groups WHERE dataset = ?').run(dataset);
    const group = prepare(
      db,
      'INSERT INTO duplicate_groups (dataset, number, kind, leak) VALUES (?, ?, ?, ?)',
    );
    const picture = prepare(db, 'INSERT INTO duplicate_pictures (dataset, number, record) VALUES (?, ?, ?)');
    groups.forEach(({ kind, leak, records }, number) => {
      group.run(dataset, number, kind, Number(leak));
      for (const record of records) picture.run(dataset, number, record);
    });
    prepare(db, 'UPDATE datasets SET duplicates_at = ? WHERE number = ?').run(now(), dataset);
  });
}

/** When duplicates of a dataset (its number) were last sought; null: never. */
export function duplicatesSoughtAt(db: Database, dataset: number): string | null {
  const row = prepare<{ at: string | null }>(
    db,
    'SELECT duplicates_at AS at FROM datasets WHERE number = ?',
  ).get(dataset);
  return row?.at ?? null;
}

/**
 * Counts of what was found. exact: pictures whose pixels another of the group has; near: pictures that differ from the
 * first of the group, and leaks that are not exact.
 */
export function countDuplicates(db: Database, dataset: number): DuplicateCounts {
  const members = `m AS (SELECT p.number, r.sha256, r.split FROM duplicate_pictures p JOIN records r ON r.id = p.record
    WHERE p.dataset = ?), trained AS (SELECT DISTINCT number, sha256 FROM m WHERE split = 'train')`;
  const ask = (sql: string) =>
    prepare<{ groups: number; pictures: number }>(db, `WITH ${members} ${sql}`).get(dataset) ?? {
      groups: 0,
      pictures: 0,
    };
  const exact = ask(
    'SELECT count(*) AS groups, coalesce(sum(n - 1), 0) AS pictures FROM (SELECT count(*) AS n FROM m GROUP BY number, sha256 HAVING n > 1)',
  );
  const near = ask(
    'SELECT count(*) AS groups, coalesce(sum(n - 1), 0) AS pictures FROM (SELECT count(DISTINCT sha256) AS n FROM m GROUP BY number HAVING n > 1)',
  );
  const { groups: exactLeaks } = ask(
    "SELECT count(*) AS groups, 0 AS pictures FROM m JOIN trained USING (number, sha256) WHERE m.split <> 'train'",
  );
  const { groups: leaks } = ask(
    "SELECT count(*) AS groups, 0 AS pictures FROM m WHERE split <> 'train' AND number IN (SELECT number FROM trained)",
  );
  return { exact: { ...exact, leaked: exactLeaks }, near: { ...near, leaked: leaks - exactLeaks } };
}

/** Groups that were found, leaks first, then exact ones. */
export function listDuplicates(
  db: Database,
  dataset: number,
  { offset, limit }: { offset: number; limit: number },
): DuplicateGroup[] {
  const groups = prepare<{ number: number; kind: 'exact' | 'near'; leak: number }>(
    db,
    `SELECT number, kind, leak FROM duplicate_groups WHERE dataset = ?
     ORDER BY leak DESC, kind, number LIMIT ? OFFSET ?`,
  ).all(dataset, limit, offset);
  const pictures = prepare<DuplicateGroup['pictures'][number]>(
    db,
    `SELECT r.id AS recordId, r.key, r.split, r.label, r.caption, lower(hex(r.sha256)) AS sha256, r.width, r.height
     FROM duplicate_pictures p JOIN records r ON r.id = p.record
     WHERE p.dataset = ? AND p.number = ? ORDER BY r.id`,
  );
  return groups.map(({ number, kind, leak }) => ({
    number,
    kind,
    leak: leak === 1,
    pictures: pictures.all(dataset, number),
  }));
}

/** Every picture that has duplicates, group by group. */
export function listDuplicatePictures(
  db: Database,
  dataset: number,
): { number: number; picture: string; split: Split }[] {
  return prepare<{ number: number; picture: string; split: Split }>(
    db,
    `SELECT p.number, coalesce(r.picture, r.key) AS picture, r.split
     FROM duplicate_pictures p JOIN records r ON r.id = p.record WHERE p.dataset = ? ORDER BY p.number, p.record`,
  ).all(dataset);
}
