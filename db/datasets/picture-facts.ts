import { type Database, inTransaction, prepare } from '../statements.ts';

/** What a look at a picture finds. */
interface Facts {
  /** Hex. */
  sha256: string;
  width: number;
  height: number;
  look: Uint8Array;
}

/** Keeps what was found of the pictures of records (their ids) that the import did not look at. */
export function storeFacts(db: Database, facts: ReadonlyMap<number, Facts>): void {
  const update = prepare(
    db,
    `UPDATE records SET sha256 = ?, width = ?, height = ?, look = iif(picture IS NULL, ?, NULL)
     WHERE id = ? AND width = 0`,
  );
  inTransaction(db, () => {
    for (const [record, { sha256, width, height, look }] of facts)
      update.run(Buffer.from(sha256, 'hex'), width, height, look, record);
  });
}

/** All pictures of a dataset (its number) were looked at. */
export function storeChecked(db: Database, dataset: number): void {
  prepare(db, 'UPDATE datasets SET unchecked = 0, revision = revision + 1 WHERE number = ?').run(dataset);
}
