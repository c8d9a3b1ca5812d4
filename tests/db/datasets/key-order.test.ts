import { expect, test } from 'vitest';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { deleteDataset } from '#db/datasets/dataset-removal.ts';
import { orderSomeKeys, readKeyOrder } from '#db/datasets/key-order.ts';
import { readRecords } from '#db/datasets/record-rows.ts';
import type { Database } from '#db/open.ts';
import { datasetNamed, recordNumber } from '../records-for-tests.ts';
import { temporaryDatabase } from '../temporary-database.ts';

// By code point: U+005A Z, U+0061 a, U+FB00 ff, U+1F415 dog; UTF-16 would put the last before the ligature.
const shuffled = ['a/10', '🐕', 'a/9', 'Z', 'a', 'ﬀ'];
const inOrder = ['Z', 'a', 'a/10', 'a/9', 'ﬀ', '🐕'];

async function importKeys(db: Database) {
  // Another dataset's records lie before and behind.
  const others = (name: string) =>
    importDataset(db, datasetNamed(name), [[recordNumber(1), recordNumber(2)]]);
  await others('before');
  const records = shuffled.map((key, i) => recordNumber(i, { key }));
  const { id } = await importDataset(db, datasetNamed('shuffled'), [records.slice(0, 4), records.slice(4)]);
  await others('behind');
  return id;
}
const keysOf = (db: Database, ids: Iterable<number>) => [...ids].map((id) => readRecords(db, [id])[0]?.key);

test('keys are in the order of their code points, whatever the order of the import', async () => {
  const db = temporaryDatabase();
  const id = await importKeys(db);
  expect(keysOf(db, readKeyOrder(db, id, shuffled.length))).toEqual(inOrder);
});

test.each([1, 4, 6, 50])(
  'an older dataset is put in order when it is asked for, begun with %i keys',
  async (first) => {
    const db = temporaryDatabase();
    const id = await importKeys(db);
    db.exec('DELETE FROM key_order');
    expect(orderSomeKeys(db, id, first)).toBe(true);
    expect(keysOf(db, readKeyOrder(db, id, shuffled.length))).toEqual(inOrder);
    expect(orderSomeKeys(db, id)).toBe(false);
  },
);

test('a deleted dataset leaves no order', async () => {
  const db = temporaryDatabase();
  const id = await importKeys(db);
  const count = db.prepare('SELECT count(*) FROM key_order').pluck();
  expect(count.get()).toBe(3);
  await deleteDataset(db, id);
  expect(count.get()).toBe(2);
});
