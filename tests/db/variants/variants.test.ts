import { expect, test } from 'vitest';
import { beginImport, importDataset } from '#db/datasets/dataset-import.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { findVariant, insertVariant, iterateVariantRecords, listVariants } from '#db/variants/variants.ts';
import { changed, datasetNamed, recordNumber, variantNamed } from '../records-for-tests.ts';
import { temporaryDatabase } from '../temporary-database.ts';

test('a variant comes back with its recipe and its records by id', async () => {
  const db = temporaryDatabase();
  const { id } = await importDataset(db, datasetNamed('pairs'), [[1, 2, 3].map((i) => recordNumber(i))]);
  const ids = Array.from(iterateRecords(db, id), (record) => record.id);
  const records = [changed(ids[2] ?? 0, 3), changed(ids[0] ?? 0, 1)];
  const variant = insertVariant(db, variantNamed('poisoned', id), records);
  expect(variant).toMatchObject({ ...variantNamed('poisoned', id), changed: 2 });
  expect(variant.id).toMatch(/^va_[a-z2-7]{12}$/);
  expect(findVariant(db, 'poisoned')).toEqual(variant);
  expect(findVariant(db, variant.id)).toEqual(variant);
  expect([...iterateVariantRecords(db, variant.id)]).toEqual(records.toReversed());
});

test('a variant with a record that does not exist is stored not at all', () => {
  const db = temporaryDatabase();
  const { id } = beginImport(db, datasetNamed('pairs')).finish();
  expect(() => insertVariant(db, variantNamed('poisoned', id), [changed(99, 1)])).toThrow(/FOREIGN KEY/);
  expect(listVariants(db)).toEqual([]);
});

test('names are unique, lists go by dataset', () => {
  const db = temporaryDatabase();
  const one = beginImport(db, datasetNamed('one')).finish();
  const two = beginImport(db, datasetNamed('two')).finish();
  const variant = insertVariant(db, variantNamed('v', one.id), []);
  expect(() => insertVariant(db, variantNamed('v', two.id), [])).toThrow(
    expect.objectContaining({ kind: 'conflict' }),
  );
  expect(listVariants(db, two.id)).toEqual([]);
  expect(listVariants(db, one.id)).toEqual([variant]);
  expect(() => findVariant(db, 'w')).toThrow("There is no variant 'w'. There is 'v'.");
});
