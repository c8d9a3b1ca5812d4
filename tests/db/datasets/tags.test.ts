import { expect, test } from 'vitest';
import { idsOfMatches } from '#db/captions/search-parts.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { deleteDataset } from '#db/datasets/dataset-removal.ts';
import { labelCounts, splitCounts } from '#db/datasets/record-counts.ts';
import { deleteView, listViews, renameView, saveView } from '#db/datasets/saved-views.ts';
import { addTag, listTags, readTagNames, removeTag } from '#db/datasets/tags.ts';
import { datasetNamed, recordNumber } from '../records-for-tests.ts';
import { temporaryDatabase } from '../temporary-database.ts';

async function twoDatasets() {
  const db = temporaryDatabase();
  for (const name of ['one', 'two']) {
    await importDataset(db, datasetNamed(name), [
      [1, 2, 3].map((i) => recordNumber(i, { caption: `dog ${i}` })),
    ]);
  }
  return db;
}

test('tags count their records, and only those of their dataset', async () => {
  const db = await twoDatasets();
  expect(addTag(db, 1, 'odd', [3, 1, 4])).toEqual([1, 3]);
  expect(addTag(db, 1, 'odd', [1, 2])).toEqual([2]);
  expect(addTag(db, 1, 'Ärger <b>', [1])).toEqual([1]);
  expect(removeTag(db, 1, 'odd', [2, 5])).toEqual([2]);
  expect(removeTag(db, 1, 'never given', [1])).toEqual([]);
  expect(listTags(db, 1).map(({ name, records }) => [name, records])).toEqual([
    ['odd', 2],
    ['Ärger <b>', 1],
  ]);
  expect(listTags(db, 2)).toEqual([]);
  expect([...readTagNames(db, [1, 2, 3])]).toEqual([
    [1, ['odd', 'Ärger <b>']],
    [3, ['odd']],
  ]);
  expect(() => addTag(db, 1, ' x', [1])).toThrow(expect.objectContaining({ kind: 'bad-input' }));
});

test('a change of a tag shows in its revision', async () => {
  const db = await twoDatasets();
  addTag(db, 1, 'seen', [1]);
  const [before] = listTags(db, 1);
  removeTag(db, 1, 'seen', [1]);
  addTag(db, 1, 'seen', [2]);
  const [after] = listTags(db, 1);
  expect(after?.records).toBe(before?.records);
  expect(after?.revision).not.toBe(before?.revision);
});

test('views are kept by dataset and name', async () => {
  const db = await twoDatasets();
  const saved = saveView(db, 1, 'dogs', '{"text":"dog"}');
  saveView(db, 2, 'dogs', '{}');
  expect(() => saveView(db, 1, 'dogs', '{}')).toThrow(expect.objectContaining({ kind: 'conflict' }));
  expect(listViews(db, 1)).toEqual([{ id: saved.id, name: 'dogs', query: '{"text":"dog"}' }]);
  const cats = saveView(db, 1, 'cats', '{"text":"cat"}');
  expect(() => renameView(db, cats.id, 'dogs')).toThrow(expect.objectContaining({ kind: 'conflict' }));
  expect(renameView(db, cats.id, 'cats and more')).toEqual({ ...cats, name: 'cats and more' });
  expect(deleteView(db, cats.id)).toBe(true);
  expect(() => renameView(db, cats.id, 'gone')).toThrow(expect.objectContaining({ kind: 'not-found' }));
  expect(deleteView(db, saved.id)).toBe(true);
  expect(deleteView(db, saved.id)).toBe(false);
  expect(listViews(db, 1)).toEqual([]);
  expect(listViews(db, 2)).toHaveLength(1);
});

test('a dataset goes with its tags, views, counts and captions in the search index', async () => {
  const db = await twoDatasets();
  for (const dataset of [1, 2]) {
    addTag(db, dataset, 'all', [1, 2, 3, 4, 5, 6]);
    saveView(db, dataset, 'view', '{}');
  }
  const id = db.prepare<[], string>("SELECT id FROM datasets WHERE name = 'one'").pluck().get() ?? '';
  await deleteDataset(db, id);
  expect(listTags(db, 2)[0]?.records).toBe(3);
  expect(
    db.prepare('SELECT DISTINCT dataset FROM tags UNION SELECT dataset FROM saved_views').pluck().all(),
  ).toEqual([2]);
  expect(splitCounts(db, 1)).toEqual([]);
  expect(labelCounts(db, 2)).toEqual([{ value: null, count: 3 }]);
  expect(
    [1, 2].map((dataset) => [...idsOfMatches(db, dataset, '"dog"*')].flatMap((ids) => [...ids])),
  ).toEqual([[], [4, 5, 6]]);
});
