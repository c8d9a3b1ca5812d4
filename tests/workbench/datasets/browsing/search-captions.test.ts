import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordQuerySchema } from '#contract/api/datasets.ts';
import { indexNextPart } from '#db/captions/build-part.ts';
import { indexPathOf } from '#db/captions/index-file.ts';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { insertVariant } from '#db/variants/variants.ts';
import { createRecordBrowser } from '#main/workbench/datasets/browsing/record-browser.ts';
import { indexBeside } from '#main/workbench/datasets/importing/index-beside.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { changed, datasetNamed, recordNumber, variantNamed } from '../../../db/records-for-tests.ts';
import { makeFolder } from '../../fixtures.ts';

const records = 1_500;
let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
let datasetId: string;
beforeAll(() => {
  temporary = makeFolder();
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
  const { db } = workspace;
  const started = beginImport(db, datasetNamed('pairs'));
  started.add(
    Array.from({ length: records }, (_, i) =>
      recordNumber(i, { caption: i % 2 === 0 ? `a dog ${i}` : 'a cat' }),
    ),
  );
  datasetId = started.finish().id;
});
afterAll(() => {
  workspace.close();
  temporary.remove();
});

/** Ids from 1 on; records of even place are dogs. */
const dogs = Array.from({ length: records / 2 }, (_, i) => 2 * i + 1);

const ask = (text: string, more: { variant?: string } = {}) =>
  recordQuerySchema.parse({ dataset: 'pairs', text, ...more });

test('a search in a thread finds all over several parts, page by page, also where the index is missing or behind', async () => {
  const { db } = workspace;
  const forms = [
    () => {},
    () => {
      db.exec('DELETE FROM caption_parts');
      for (let part = 0; part < 3; part += 1) indexNextPart(db, 1, 600);
    },
    () => void db.exec('DELETE FROM caption_parts WHERE after = 600'),
    () => rmSync(indexPathOf(db.name)),
    () => void db.exec('DELETE FROM caption_parts'),
  ];
  for (const prepare of forms) {
    prepare();
    // Nothing is remembered by another browser.
    const browser = createRecordBrowser(workspace);
    const page = await browser.page(ask('dog'), 500, 100);
    expect(page.map(({ record }) => record.id)).toEqual(dogs.slice(500, 600));
    expect(Array.from(await browser.ids(ask('dog')))).toEqual(dogs);
    expect(await browser.count(ask('dog'))).toEqual({ count: dogs.length, exact: true });
    expect(await browser.page(ask('bird'), 0, 9)).toEqual([]);
    await browser.ids(ask('cat'));
    const { split, exact } = await browser.facets(ask('cat'));
    expect([split, exact]).toEqual([[{ value: 'train', count: records / 2 }], true]);
  }
});

test('seen as a variant, its captions count, in their place', async () => {
  const fruits = [1, 2, 700, 1_300, 1_500];
  insertVariant(
    workspace.db,
    variantNamed('poison', datasetId),
    fruits.map((id) => changed(id, id - 1)),
  );
  const browser = createRecordBrowser(workspace);
  const ids = async (text: string) => Array.from(await browser.ids(ask(text, { variant: 'poison' })));
  expect(await ids('fruit')).toEqual(fruits);
  expect(await ids('dog')).toEqual(dogs.filter((id) => !fruits.includes(id)));
  const all = Array.from({ length: records }, (_, i) => i + 1);
  expect(await ids('a')).toEqual(all);
});

test('what a thread indexes while rows are added is whole at the end, and goes with an import that is given up', async () => {
  const { db } = workspace;
  const parts = () => db.prepare('SELECT count(*) FROM caption_parts WHERE dataset = 2').pluck().get();
  const started = beginImport(db, datasetNamed('more'));
  const indexer = indexBeside(db, 2);
  for (let step = 0; step < 3; step += 1) {
    started.add([recordNumber(step, { caption: `a bird ${step}` })]);
    indexer.added(1);
  }
  await indexer.finish();
  expect([parts(), started.indexSome()]).toEqual([1, false]);
  started.add([recordNumber(9, { caption: 'a bird' })]);
  await indexer.close();
  await indexer.finish();
  expect([started.indexSome(), parts()]).toEqual([true, 2]);
  started.abandon();
  expect(parts()).toBe(0);
});
