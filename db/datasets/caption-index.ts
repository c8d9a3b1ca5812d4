import { numberOf } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';

/**
 * Captions that are indexed in one transaction: other programs can write in between. Each ends with a part of the index
 * that is merged into others later; with parts of 20,000 indexing took a third longer.
 */
const indexedAtOnce = 100_000;

/** Puts the next captions of a dataset into the search index. @returns whether there were any */
export function indexSomeCaptions(db: Database, datasetId: string): boolean {
  return inTransaction(db, () => {
    const dataset = numberOf(db, 'datasets', datasetId);
    const { last } = prepare<{ last: number | null }>(
      db,
      `SELECT max(id) AS last FROM (SELECT id FROM records
       WHERE dataset = ? AND id > (SELECT indexed_to FROM datasets WHERE number = ?) ORDER BY id LIMIT ${indexedAtOnce})`,
    ).get(dataset, dataset) ?? { last: null };
    if (last === null) return false;
    prepare(
      db,
      `INSERT INTO record_search (rowid, caption) SELECT id, caption FROM records
       WHERE dataset = ? AND id > (SELECT indexed_to FROM datasets WHERE number = ?) AND id <= ? ORDER BY id`,
    ).run(dataset, dataset, last);
    prepare(db, 'UPDATE datasets SET indexed_to = ? WHERE number = ?').run(last, dataset);
    return true;
  });
}
