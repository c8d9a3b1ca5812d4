import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { beginImport, importDataset } from '#db/datasets/dataset-import.ts';
import { deleteDataset } from '#db/datasets/dataset-removal.ts';
import { findDataset, listDatasets, locateDataset } from '#db/datasets/datasets.ts';
import { openDatabase } from '#db/open.ts';
import { insertRun } from '#db/runs/runs.ts';
import { insertVariant } from '#db/variants/variants.ts';
import { datasetNamed, recordNumber, runNamed, variantNamed } from '../records-for-tests.ts';
import { temporaryDatabase, temporaryFolder } from '../temporary-database.ts';

test('an unknown name is answered with the names there are', async () => {
  const db = temporaryDatabase();
  expect(() => findDataset(db, 'emojy')).toThrow(expect.objectContaining({ kind: 'not-found' }));
  beginImport(db, datasetNamed('emoji')).finish();
  beginImport(db, datasetNamed('captions')).finish();
  expect(() => findDataset(db, 'emojy')).toThrow(
    expect.objectContaining({
      kind: 'not-found',
      message: "There is no dataset 'emojy'. There are 'captions', 'emoji'.",
    }),
  );
});

test('a taken name is a conflict that says what to do', () => {
  const db = temporaryDatabase();
  beginImport(db, datasetNamed('emoji')).finish();
  expect(() => beginImport(db, datasetNamed('emoji'))).toThrow(
    expect.objectContaining({
      kind: 'conflict',
      message: `There is a dataset named 'emoji' already: choose another name, for example 'emoji-2'.`,
    }),
  );
});

test.each([
  ['empty', ''],
  ['spaces', ' a '],
  ['newline', 'a\nb'],
  ['an id', 'run_abcdefgh2345'],
])('a name that cannot serve is refused: %s', (_, name) => {
  expect(() => beginImport(temporaryDatabase(), datasetNamed(name))).toThrow(
    expect.objectContaining({ kind: 'bad-input' }),
  );
});

test('a dataset is deleted with its records and nothing else', async () => {
  const db = temporaryDatabase();
  const one = await importDataset(db, datasetNamed('one'), [[recordNumber(1), recordNumber(2)]]);
  await importDataset(db, datasetNamed('two'), [[recordNumber(1)]]);
  await deleteDataset(db, one.id);
  expect(listDatasets(db).map(({ name }) => name)).toEqual(['two']);
  expect(db.prepare('SELECT count(*) FROM records').pluck().get()).toBe(1);
});

test('a dataset in use is not deleted; the error names the users', async () => {
  const db = temporaryDatabase();
  const { id } = beginImport(db, datasetNamed('pairs')).finish();
  insertVariant(db, variantNamed('poisoned', id), []);
  insertRun(db, runNamed('first', id));
  await expect(deleteDataset(db, id)).rejects.toThrow(
    expect.objectContaining({
      kind: 'conflict',
      message: expect.stringContaining("variant 'poisoned', run 'first'"),
    }),
  );
  expect(listDatasets(db)).toHaveLength(1);
});

test('pictures that lie in a workspace are found after it was moved; those elsewhere stay where they are', () => {
  const parent = temporaryFolder();
  const [before, after] = [join(parent, 'before'), join(parent, 'after')];
  const elsewhere = join(parent, 'beside');
  const db = openDatabase(join(before, 'workbench.sqlite'));
  beginImport(db, { ...datasetNamed('own'), root: join(before, 'datasets', 'own') }).finish();
  beginImport(db, { ...datasetNamed('other'), root: elsewhere }).finish();
  beginImport(db, { ...datasetNamed('dots'), root: join(before, '..dots') }).finish();
  expect(findDataset(db, 'own').root).toBe(join(before, 'datasets', 'own'));
  db.close();
  renameSync(before, after);
  const moved = openDatabase(join(after, 'workbench.sqlite'));
  expect(listDatasets(moved).map(({ name, root }) => [name, root])).toEqual([
    ['own', join(after, 'datasets', 'own')],
    ['other', elsewhere],
    ['dots', join(after, '..dots')],
  ]);
  expect(locateDataset(moved, 'own').root).toBe(join(after, 'datasets', 'own'));
  moved.close();
});
