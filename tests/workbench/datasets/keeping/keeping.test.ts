import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readStates } from '#db/datasets/record-states.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { refreshDataset } from '#main/workbench/datasets/changing/refresh-dataset.ts';
import { describeDataset } from '#main/workbench/datasets/datasets.ts';
import {
  resolveDuplicates,
  seekDuplicates,
  viewDuplicates,
} from '#main/workbench/datasets/duplicates/duplicates.ts';
import { importFrom } from '#main/workbench/datasets/importing/import-dataset.ts';
import { checkPictures } from '#main/workbench/datasets/keeping/check-pictures.ts';
import { relocateDataset } from '#main/workbench/datasets/keeping/relocate-dataset.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { hues, makeFolder, silentContext, writeNoisyPicture } from '../../fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
const at = (...parts: string[]) => join(temporary.folder, ...parts);
const page = { offset: 0, limit: 100 };
const importCsv = (path: string, name: string) =>
  importFrom(workspace, { path, name, strict: false }, silentContext());

beforeEach(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(at('workspace'));
  await writeNoisyPicture(at('set', 'img', 'a.png'), hues.red);
  await writeNoisyPicture(at('set', 'img', 'b.png'), hues.green);
  await writeNoisyPicture(at('set', 'img', 'c.png'), hues.blue);
  // Two captions of a, and its pixels once more as a test picture.
  mkdirSync(at('set', 'copies', 'img'), { recursive: true });
  await writeNoisyPicture(at('set', 'copies', 'img', 'a.png'), hues.red);
  writeFileSync(
    at('set', 'pairs.csv'),
    [
      'image,caption,split',
      'img/a.png,one,train',
      'img/a.png,two,train',
      'img/b.png,three,train',
      `${at('set', 'img', 'c.png')},four,train`,
      'copies/img/a.png,five,test',
    ].join('\n'),
  );
});
afterEach(() => {
  workspace.close();
  temporary.remove();
});

test('duplicates are found by picture, said at import, left out or kept together with all their captions', async () => {
  const { notes } = await importCsv(at('set', 'pairs.csv'), 'pairs');
  expect(notes.find(({ kind }) => kind === 'leak')?.count).toBe(1);
  const found = viewDuplicates(workspace, 'pairs', page);
  expect(found.counts).toEqual({
    exact: { groups: 1, pictures: 1, leaked: 1 },
    near: { groups: 0, pictures: 0, leaked: 0 },
  });
  expect(
    found.groups.map(({ kind, leak, pictures }) => [kind, leak, pictures.map(({ key }) => key)]),
  ).toEqual([['exact', true, ['img/a.png', 'copies/img/a.png']]]);

  const rows = (name: string) =>
    [...iterateRecords(workspace.db, describeDataset(workspace, name).dataset.id)].map(
      ({ caption, split }) => `${caption} ${split}`,
    );
  await resolveDuplicates(workspace, { dataset: 'pairs', action: 'leave-out', name: 'once' });
  expect(rows('once')).toEqual(['three train', 'four train', 'five test']);
  await resolveDuplicates(workspace, { dataset: 'pairs', action: 'keep-together', name: 'together' });
  expect(rows('together')).toEqual(['one train', 'two train', 'three train', 'four train', 'five train']);

  await seekDuplicates(workspace, 'once', silentContext());
  expect(viewDuplicates(workspace, 'once', page).groups).toEqual([]);
  await expect(
    resolveDuplicates(workspace, { dataset: 'once', action: 'leave-out', name: 'x' }),
  ).rejects.toMatchObject({ kind: 'bad-input' });
});

test('a folder of which an inner one is read is moved as the person knows it, and read again there', async () => {
  await writeNoisyPicture(at('birds', 'images', 'owl', '1.png'), hues.red);
  await writeNoisyPicture(at('birds', 'images', 'wren', '2.png'), hues.green);
  await importCsv(at('birds'), 'birds');
  renameSync(at('birds'), at('aviary'));
  const relocate = { dataset: 'birds', root: at('aviary'), partial: false };
  expect(await relocateDataset(workspace, relocate, silentContext())).toMatchObject({ found: 2, renamed: 0 });
  expect(describeDataset(workspace, 'birds').dataset).toMatchObject({
    root: at('aviary', 'images'),
    source: { path: at('aviary') },
  });
  expect(await refreshDataset(workspace, 'birds', silentContext())).toMatchObject({ added: 0, gone: 0 });
});

test('a moved folder is found again by its pixels, also where files have other names', async () => {
  const { dataset } = await importCsv(at('set', 'pairs.csv'), 'pairs');
  const keys = () => [...iterateRecords(workspace.db, dataset.id)].map(({ key }) => key);
  const before = keys();
  renameSync(at('set'), at('moved'));
  expect(await checkPictures(workspace, 'pairs', silentContext())).toMatchObject({ checked: 5, missing: 5 });
  renameSync(at('moved', 'img', 'b.png'), at('moved', 'another name.png'));

  const relocate = (root: string, partial = false) =>
    relocateDataset(workspace, { dataset: 'pairs', root, partial }, silentContext());
  await expect(relocate(at('nowhere'))).rejects.toMatchObject({ kind: 'not-found' });
  await expect(relocate(at('workspace'))).rejects.toThrow(/stays where it was/);
  expect(await relocate(at('moved'))).toMatchObject({ found: 5, missing: 0, changed: 0 });
  expect(await checkPictures(workspace, 'pairs', silentContext())).toMatchObject({ missing: 0, changed: 0 });
  expect(keys()).toEqual(before);
  expect(describeDataset(workspace, 'pairs').dataset).toMatchObject({
    root: at('moved'),
    source: { path: at('moved', 'pairs.csv') },
  });

  rmSync(at('moved', 'another name.png'));
  await writeNoisyPicture(at('moved', 'img', 'c.png'), hues.green);
  await expect(relocate(at('moved'))).rejects.toMatchObject({
    message: expect.stringMatching(/1 of its pictures are missing and 1 are other pictures[\s\S]*--yes/),
  });
  expect(await relocate(at('moved'), true)).toMatchObject({ found: 3, missing: 1, changed: 1 });
  const records = [...iterateRecords(workspace.db, dataset.id)];
  const states = readStates(
    workspace.db,
    records.map(({ id }) => id),
  );
  expect(records.map(({ id }) => states.get(id) ?? 'ready')).toEqual([
    'ready',
    'ready',
    'missing',
    'changed',
    'ready',
  ]);
});
