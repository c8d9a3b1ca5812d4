import { numberOf } from '../names.ts';
import { type Database, inTransaction, prepare, type SqlValue } from '../statements.ts';

/** Keys that are put in order in one transaction: other programs can write in between. */
const orderedAtOnce = 50_000;

/**
 * Puts the next of a dataset's keys in order; to be called when all its records are there, which never change.
 * @returns whether there were any
 */
export function orderSomeKeys(db: Database, datasetId: string, atOnce = orderedAtOnce): boolean {
  return inTransaction(db, () => {
    const dataset = numberOf(db, 'datasets', datasetId);
    const last = prepare<{ part: number; ids: Buffer }>(
      db,
      'SELECT part, ids FROM key_order WHERE dataset = ? ORDER BY part DESC LIMIT 1',
    ).get(dataset);
    const found = db
      .prepare<SqlValue[], number>(
        `SELECT id FROM records WHERE dataset = ? AND key > coalesce((SELECT key FROM records WHERE id = ?), '')
         ORDER BY key LIMIT ?`,
      )
      .pluck()
      .all(dataset, last === undefined ? null : (unpack(last.ids).at(-1) ?? null), atOnce);
    if (found.length === 0) return false;
    const ids = Uint32Array.from(found);
    prepare(db, 'INSERT INTO key_order (dataset, part, ids) VALUES (?, ?, ?)').run(
      dataset,
      last === undefined ? 0 : last.part + 1,
      new Uint8Array(ids.buffer),
    );
    return true;
  });
}

/**
 * The ids of a dataset's records in the order of their keys (by code point), which import and ids do not change. What
 * an earlier program imported is put in order first, once: half a second a million.
 * @param records how many the dataset has
 */
export function readKeyOrder(db: Database, datasetId: string, records: number): Uint32Array {
  const order = new Uint32Array(records);
  if (fillOrder(db, datasetId, order) === records) return order;
  while (orderSomeKeys(db, datasetId));
  fillOrder(db, datasetId, order);
  return order;
}

/** @returns how many ids there are */
function fillOrder(db: Database, datasetId: string, order: Uint32Array): number {
  const parts = prepare<{ ids: Buffer }>(db, 'SELECT ids FROM key_order WHERE dataset = ? ORDER BY part');
  let filled = 0;
  for (const { ids } of parts.iterate(numberOf(db, 'datasets', datasetId))) {
    const part = unpack(ids);
    order.set(part, filled);
    filled += part.length;
  }
  return filled;
}

/** A copy, since a buffer may begin where no number can. Every platform that the workbench runs on is little-endian. */
function unpack(ids: Buffer): Uint32Array {
  return new Uint32Array(new Uint8Array(ids).buffer);
}
