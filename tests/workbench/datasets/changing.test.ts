import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordQuerySchema } from '#contract/api/datasets.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { readStates } from '#db/datasets/record-states.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { insertVariant } from '#db/variants/variants.ts';
import { createRecordBrowser } from '#main/workbench/datasets/browsing/record-browser.ts';
import { editClasses } from '#main/workbench/datasets/changing/edit-classes.ts';
import { planClasses } from '#main/workbench/datasets/changing/plan-classes.ts';
import { refreshDataset } from '#main/workbench/datasets/changing/refresh-dataset.ts';
import { importFrom } from '#main/workbench/datasets/importing/import-dataset.ts';
import { checkPictures } from '#main/workbench/datasets/keeping/check-pictures.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { variantNamed } from '../../db/records-for-tests.ts';
import { hues, makeFolder, silentContext, writeNoisyPicture } from '../fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
const at = (...parts: string[]) => join(temporary.folder, ...parts);
const importAs = (path: string, name: string) =>
  importFrom(workspace, { path, name, strict: false }, silentContext());
const pairsOf = (name: string) =>
  [...iterateRecords(workspace.db, findDataset(workspace.db, name).id)].map(({ key, label, caption }) => [
    key,
    label,
    caption,
  ]);

beforeEach(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(at('workspace'));
  await writeNoisyPicture(at('inet', 'n01440764', 'a.png'), hues.red);
  await writeNoisyPicture(at('inet', 'n07753592', 'b.png'), hues.green);
  await writeNoisyPicture(at('inet', '001.Black_crane', 'c.png'), hues.blue);
  writeFileSync(at('names.txt'), 'n01440764 tench, Tinca tinca\nn07753592 banana\n');
});
afterEach(() => {
  workspace.close();
  temporary.remove();
});

test('what names would be is shown with the prompts, and changes nothing', async () => {
  await importAs(at('inet'), 'inet');
  const { classes, notes } = await planClasses(workspace, 'inet', {
    namesFile: at('names.txt'),
    tidy: true,
    rename: { n07753592: 'tench' },
  });
  expect(classes.map(({ was, name, prompt }) => [was, name, prompt])).toEqual([
    ['001.Black_crane', 'Black crane', 'a photo of a Black crane.'],
    ['n01440764', 'tench', 'a photo of a tench.'],
    ['n07753592', 'tench', 'a photo of a tench.'],
  ]);
  expect(notes.map(({ kind }) => kind)).toContain('classes-merged');
  expect(findDataset(workspace.db, 'inet').classes).toEqual(['001.Black_crane', 'n01440764', 'n07753592']);
  await expect(planClasses(workspace, 'inet', { rename: { cat: 'dog' } })).rejects.toThrow(/no class 'cat'/);
});

test('classes get names in their place: labels, made captions, search, counts and what is remembered follow', async () => {
  await importAs(at('inet'), 'inet');
  const browser = createRecordBrowser(workspace);
  const search = async (text: string, labels: string[] = []) =>
    (await browser.page(recordQuerySchema.parse({ dataset: 'inet', text, labels }), 0, 9)).map(
      ({ record }) => record.key,
    );
  expect(await search('tench')).toEqual([]);
  expect(await search('', ['n01440764'])).toEqual(['n01440764/a.png']);
  const { changed, captions } = await editClasses(workspace, 'inet', { namesFile: at('names.txt') });
  expect([changed, captions]).toEqual([2, 2]);
  expect(pairsOf('inet')).toEqual([
    ['001.Black_crane/c.png', '001.Black_crane', 'a photo of a 001.Black_crane.'],
    ['n01440764/a.png', 'tench', 'a photo of a tench.'],
    ['n07753592/b.png', 'banana', 'a photo of a banana.'],
  ]);
  expect(findDataset(workspace.db, 'inet').classes).toEqual(['001.Black_crane', 'banana', 'tench']);
  expect(await search('tench')).toEqual(['n01440764/a.png']);
  expect(await search('n01440764')).toEqual([]);
  expect(await search('', ['tench'])).toEqual(['n01440764/a.png']);
  await expect(editClasses(workspace, 'inet', {})).rejects.toThrow(/No class of 'inet' gets another name/);
});

test('a dataset in use stays as it is, and a new one has the names', async () => {
  const { dataset } = await importAs(at('inet'), 'inet');
  insertVariant(workspace.db, variantNamed('poison', dataset.id), []);
  await expect(editClasses(workspace, 'inet', { tidy: true })).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining('Make a new dataset'),
  });
  await editClasses(workspace, 'inet', { tidy: true }, 'tidy');
  expect(findDataset(workspace.db, 'inet').classes).toContain('001.Black_crane');
  expect(findDataset(workspace.db, 'tidy')).toMatchObject({
    classes: ['Black crane', 'n01440764', 'n07753592'],
    source: { kind: 'selected', classes: [{ from: '001.Black_crane', to: 'Black crane' }] },
  });
  expect(pairsOf('tidy')[0]).toEqual(['001.Black_crane/c.png', 'Black crane', 'a photo of a Black crane.']);
});

test('a source that is read again adds what is new, marks what is gone, missing or changed, and keeps renamed classes', async () => {
  await writeNoisyPicture(at('inet', 'n01440764', 'd.png'), hues.blue);
  await importAs(at('inet'), 'inet');
  await editClasses(workspace, 'inet', { rename: { n01440764: 'tench' } });
  await writeNoisyPicture(at('inet', 'n01440764', 'new.png'), hues.green);
  copyFileSync(at('inet', 'n01440764', 'a.png'), at('inet', 'n07753592', 'b.png'));
  rmSync(at('inet', '001.Black_crane', 'c.png'));
  const outcome = await refreshDataset(workspace, 'inet', silentContext());
  expect(outcome).toMatchObject({ added: 1, notAdded: 0, gone: 0, missing: 1, changed: 1 });
  expect(pairsOf('inet').at(-1)).toEqual(['n01440764/new.png', 'tench', 'a photo of a tench.']);
  const again = await refreshDataset(workspace, 'inet', silentContext());
  expect(again).toMatchObject({ added: 0, missing: 1, changed: 1 });
  expect(findDataset(workspace.db, 'inet').records).toBe(5);
});

test('rows that a table lists no longer are gone, a check keeps that, and nothing is added to what is in use', async () => {
  mkdirSync(at('set'));
  for (const [name, hue] of [
    ['a', hues.red],
    ['b', hues.green],
    ['c', hues.blue],
  ] as const)
    await writeNoisyPicture(at('set', `${name}.png`), hue);
  writeFileSync(at('set', 'pairs.csv'), 'image,caption\na.png,one\nb.png,two\n');
  const { dataset } = await importAs(at('set', 'pairs.csv'), 'pairs');
  writeFileSync(at('set', 'pairs.csv'), 'image,caption\na.png,one\nc.png,three\n');
  insertVariant(workspace.db, variantNamed('poison', dataset.id), []);
  expect(await refreshDataset(workspace, 'pairs', silentContext())).toMatchObject({
    added: 0,
    notAdded: 1,
    gone: 1,
    missing: 0,
  });
  const [one, two] = [...iterateRecords(workspace.db, dataset.id)];
  const states = () => readStates(workspace.db, [one!.id, two!.id]);
  expect(states()).toEqual(new Map([[two!.id, 'gone']]));
  await checkPictures(workspace, 'pairs', silentContext());
  expect(states()).toEqual(new Map([[two!.id, 'gone']]));
  renameSync(at('set', 'pairs.csv'), at('set', 'moved.csv'));
  await expect(refreshDataset(workspace, 'pairs', silentContext())).rejects.toMatchObject({
    kind: 'not-found',
  });
});
