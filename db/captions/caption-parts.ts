import { idSpan } from '../datasets/record-blocks.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';

// What of a dataset's captions is indexed stands in the database, part by part, and changes together with the captions.
// The parts themselves lie in a file of their own; one that is missing there, or that nobody recorded here, does no harm.

/** An indexed stretch: the dataset's records behind the id `after` up to the id `last`. Never changed once it is made. */
export interface CaptionPart {
  after: number;
  last: number;
  /** Its table in the index file. */
  name: string;
}

/** A stretch that is not indexed: records behind the id `after`, none beyond the id `upTo`. */
export interface CaptionGap {
  after: number;
  upTo: number;
}

/** A part that was made from what a dataset was then. */
export interface BuiltPart extends CaptionPart {
  datasetId: string;
  revision: number;
}

/** What of a dataset's records (its number) is indexed, in the order of their ids, and where that ends. */
export interface Indexed {
  /** Each goes on where the one before it ends. */
  parts: CaptionPart[];
  /** What comes next; null: no record. */
  gap: CaptionGap | null;
}

/** @param after the id at which a part ends, or 0: what is behind it */
export function indexedFrom(db: Database, dataset: number, after: number): Indexed {
  const all = prepare<CaptionPart>(
    db,
    'SELECT after, last, name FROM caption_parts WHERE dataset = ? AND after >= ? ORDER BY after',
  ).all(dataset, after);
  let end = after;
  const broken = all.findIndex((part) => {
    if (part.after !== end) return true;
    end = part.last;
    return false;
  });
  const upTo = all[broken]?.after ?? idSpan(db, dataset)?.last ?? 0;
  return {
    parts: broken === -1 ? all : all.slice(0, broken),
    gap: upTo > end ? { after: end, upTo } : null,
  };
}

/** Records a part for searching. @returns false where the dataset has changed meanwhile, or another program was sooner */
export function recordPart(db: Database, dataset: number, part: BuiltPart): boolean {
  return inTransaction(db, () => {
    const now = prepare<{ id: string; revision: number }>(
      db,
      'SELECT id, revision FROM datasets WHERE number = ?',
    ).get(dataset);
    if (now?.id !== part.datasetId || now.revision !== part.revision) return false;
    const { changes } = prepare(
      db,
      'INSERT OR IGNORE INTO caption_parts (dataset, after, last, name) VALUES (?, ?, ?, ?)',
    ).run(dataset, part.after, part.last, part.name);
    return changes === 1;
  });
}

/** Forgets a part that is not in the file: the copy of a workspace may lack it. */
export function forgetPart(db: Database, name: string): void {
  prepare(db, 'DELETE FROM caption_parts WHERE name = ?').run(name);
}

/** Forgets the part that a record is in: its caption changes. */
export function forgetPartOf(db: Database, dataset: number, record: number): void {
  prepare(db, 'DELETE FROM caption_parts WHERE dataset = ? AND after < ? AND last >= ?').run(
    dataset,
    record,
    record,
  );
}

/** The tables of a dataset's parts. */
export function namesOfParts(db: Database, dataset: number): string[] {
  return prepare<{ name: string }>(db, 'SELECT name FROM caption_parts WHERE dataset = ?')
    .all(dataset)
    .map(({ name }) => name);
}
