import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { NewDataset } from '#contract/dataset.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { removeDataset, showDatasets } from '#main/workbench/datasets/datasets.ts';
import { importFrom } from '#main/workbench/datasets/importing/import-dataset.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { hues, makeFolder, silentContext, writeNoisyPicture } from '../fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
let made: string;
beforeEach(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
  made = join(workspace.folder, 'datasets', 'emoji');
});
afterEach(() => {
  workspace.close();
  temporary.remove();
});

const keys = ['google/1.png', 'google/2.png', 'twitter/1.png'];

/** A dataset of emoji as the workbench makes it, or as one that came back with a variant: it names the same folder. */
async function addEmoji(name: string, change: Partial<NewDataset> = {}) {
  const records = [];
  for (const key of keys) {
    const sha256 = await writeNoisyPicture(join(made, key), hues.red);
    records.push({
      key,
      caption: key,
      label: 'x',
      name: null,
      split: 'train' as const,
      sha256,
      width: 12,
      height: 12,
    });
  }
  const source = { kind: 'emoji' as const, packages: {} };
  const texts = { prompts: ['a {}'], captionTemplates: ['a {}'] };
  return importDataset(workspace.db, { name, source, root: made, ...texts, ...change }, [records]);
}

const left = () => keys.filter((key) => existsSync(join(made, key)));

it('pictures that the workbench wrote go with their dataset, and nothing else does', async () => {
  await addEmoji('emoji', { picturesMade: true });
  writeFileSync(join(made, 'google', 'my notes.txt'), 'precious');
  writeFileSync(join(made, 'records.json'), '[]');
  await removeDataset(workspace, 'emoji');
  expect(left()).toEqual([]);
  expect(readdirSync(made)).toEqual(['google']);
  expect(readdirSync(join(made, 'google'))).toEqual(['my notes.txt']);
});

it("a second dataset of the same folder takes nothing with it, and keeps the first one's pictures alive", async () => {
  await addEmoji('emoji', { picturesMade: true });
  await addEmoji('emoji-2');
  await removeDataset(workspace, 'emoji-2');
  expect(left()).toEqual(keys);
  await addEmoji('emoji-2');
  await removeDataset(workspace, 'emoji');
  expect(left()).toEqual(keys);
});

it.each([
  ['the folder around it', '', 'emoji/google/1.png'],
  ['a folder beside it', 'lists', '../emoji/google/1.png'],
  ['an absolute path', 'lists', null],
])('pictures stay while another dataset lists one of them, from %s', async (_, folder, key) => {
  await addEmoji('emoji', { picturesMade: true });
  const root = join(workspace.folder, 'datasets', folder);
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'pairs.csv'), `image,caption\n${key ?? join(made, 'google/1.png')},a thing\n`);
  const request = {
    path: join(root, 'pairs.csv'),
    name: 'mine',
    templates: null,
    prompts: null,
    columns: {},
    strict: true,
  };
  await importFrom(workspace, request, silentContext());
  await removeDataset(workspace, 'emoji');
  expect(left()).toEqual(keys);
  expect(showDatasets(workspace).map(({ name }) => name)).toEqual(['mine']);
});

it("a person's own folder stays, wherever it lies", async () => {
  const own = join(workspace.folder, 'datasets', 'mine');
  await writeNoisyPicture(join(own, '1.png'), hues.red);
  writeFileSync(join(own, 'pairs.csv'), 'image,caption\n1.png,a thing\n');
  writeFileSync(join(own, 'notes.txt'), 'precious');
  const request = {
    path: join(own, 'pairs.csv'),
    name: 'mine',
    templates: null,
    prompts: null,
    columns: {},
    strict: true,
  };
  await importFrom(workspace, request, silentContext());
  await removeDataset(workspace, 'mine');
  expect(readdirSync(own).toSorted()).toEqual(['1.png', 'notes.txt', 'pairs.csv']);
});
