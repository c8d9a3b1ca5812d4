import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { beginImport, importDataset } from '#db/datasets/dataset-import.ts';
import { findDataset, listDatasets } from '#db/datasets/datasets.ts';
import { countRecords } from '#db/datasets/records.ts';
import { openDatabase } from '#db/open.ts';
import { killHard, startProgram, waitForLine } from '../child-process.ts';
import { datasetNamed, recordNumber } from '../records-for-tests.ts';
import { temporaryDatabase, temporaryFolder } from '../temporary-database.ts';

test('an imported dataset has its counts and its classes by code point', async () => {
  const db = temporaryDatabase();
  const labels = ['zebra', 'Ape', null, 'ape', 'été', '𝔸', 'ﬀ', 'zebra'];
  const dataset = await importDataset(db, datasetNamed('animals'), [
    labels.slice(0, 3).map((label, i) => recordNumber(i, { label })),
    labels.slice(3).map((label, i) => recordNumber(i + 3, { label })),
  ]);
  expect(dataset).toMatchObject({ ...datasetNamed('animals'), records: 8 });
  expect(dataset.id).toMatch(/^ds_[a-z2-7]{12}$/);
  expect(dataset.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  // U+0041 A, U+0061 a, U+007A z, U+00E9 e acute, U+FB00 ff, U+1D538: UTF-16 would put the last before the ligature.
  expect(dataset.classes).toEqual(['Ape', 'ape', 'zebra', 'été', 'ﬀ', '𝔸']);
  expect(findDataset(db, dataset.id)).toEqual(dataset);
});

test('an import under way is hidden, keeps its name, and leaves nothing when abandoned', () => {
  const db = temporaryDatabase();
  const started = beginImport(db, datasetNamed('pairs'));
  started.add([recordNumber(1), recordNumber(2)]);
  expect(listDatasets(db)).toEqual([]);
  expect(() => findDataset(db, 'pairs')).toThrow(expect.objectContaining({ kind: 'not-found' }));
  expect(() => beginImport(db, datasetNamed('pairs'))).toThrow(expect.objectContaining({ kind: 'conflict' }));
  started.abandon();
  expect(db.prepare('SELECT count(*) FROM records').pluck().get()).toBe(0);
  beginImport(db, datasetNamed('pairs')).finish();
  expect(listDatasets(db).map(({ name }) => name)).toEqual(['pairs']);
  expect(readdirSync(dirname(db.name)).filter((name) => name.includes('lock'))).toEqual([]);
});

test('where the producer fails, nothing stays and its error comes through', async () => {
  const db = temporaryDatabase();
  async function* batches() {
    yield [recordNumber(1)];
    throw new Error('the disk went away');
  }
  await expect(importDataset(db, datasetNamed('pairs'), batches())).rejects.toThrow('the disk went away');
  expect(db.prepare('SELECT count(*) FROM records').pluck().get()).toBe(0);
  expect(listDatasets(db)).toEqual([]);
});

test('a picture that occurs twice has two pairs', async () => {
  const db = temporaryDatabase();
  const twice = [[recordNumber(1)], [recordNumber(2), recordNumber(1)]];
  expect(await importDataset(db, datasetNamed('pairs'), twice)).toMatchObject({ records: 3, pictures: 2 });
});

test('an opening elsewhere leaves a living import alone', () => {
  const db = temporaryDatabase();
  const started = beginImport(db, datasetNamed('pairs'));
  started.add([recordNumber(1)]);
  openDatabase(db.name).close();
  started.add([recordNumber(2)]);
  expect(countRecords(db, started.finish().id)).toBe(2);
});

test('an import killed -9 leaves a sound database, and nothing of itself after the next opening', async () => {
  const path = join(temporaryFolder(), 'workbench.sqlite');
  const importer = startProgram('import-endlessly.ts', path);
  await waitForLine(importer, 'under way');
  const watching = openDatabase(path);
  expect(watching.prepare('SELECT count(*) > 0 FROM records').pluck().get()).toBe(1);
  await killHard(importer);
  const rows = watching.prepare('SELECT count(*) FROM records').pluck().get();
  expect(rows).toBe(watching.prepare('SELECT records FROM datasets').pluck().get());
  expect(Number(rows) % 500).toBe(0);
  const db = openDatabase(path);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(db.prepare('SELECT count(*) FROM records').pluck().get()).toBe(0);
  expect(db.prepare('SELECT count(*) FROM datasets').pluck().get()).toBe(0);
  expect(readdirSync(dirname(path)).filter((name) => name.includes('lock'))).toEqual([]);
  beginImport(db, datasetNamed('endless')).finish();
  db.close();
  watching.close();
});
