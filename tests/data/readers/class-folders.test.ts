import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noNames } from '#main/data/readers/class-names.ts';
import { lookAt } from '#main/data/readers/look.ts';
import { recognise } from '#main/data/readers/readers.ts';
import { gradient, savePicture, temporaryFolder } from '../picture-files.ts';
import { readAs } from './read-as.ts';

async function importFolder(folder: string, templates: readonly string[] = ['a photo of a {}.']) {
  const options = { templates, names: noNames };
  const [first] = await recognise(await lookAt(folder), options);
  const items = await readAs(first?.format ?? 'class-folders', folder, options);
  return {
    records: items.flatMap((item) => (item.kind === 'record' ? [item.record] : [])),
    skipped: items.flatMap((item) => (item.kind === 'skipped' ? [item.skipped] : [])),
  };
}

async function folderWith(...keys: string[]): Promise<string> {
  const folder = temporaryFolder();
  for (const [i, key] of keys.entries()) await savePicture(join(folder, key), gradient(5, 4, i));
  return folder;
}

test('a subfolder is a class; files come by name, also from deeper inside', async () => {
  const { records, skipped } = await importFolder(
    await folderWith('sea animal/b.png', 'boat/x/c.png', 'boat/Z.png', 'boat/a.png'),
  );
  expect(records.map(({ key, label, split, caption }) => [key, label, split, caption])).toEqual([
    ['boat/Z.png', 'boat', 'train', 'a photo of a boat.'],
    ['boat/a.png', 'boat', 'train', 'a photo of a boat.'],
    ['boat/x/c.png', 'boat', 'train', 'a photo of a boat.'],
    ['sea animal/b.png', 'sea animal', 'train', 'a photo of a sea animal.'],
  ]);
  expect(records[0]).toMatchObject({ width: 5, height: 4, name: null });
  expect(skipped).toEqual([]);
});

test('top folders train, test and val are splits with the classes inside', async () => {
  const { records, skipped } = await importFolder(
    await folderWith(
      'train/boat/a.png',
      'test/boat/a.png',
      'val/fruit/b.png',
      'test/loose.png',
      'extra/boat/c.png',
    ),
  );
  expect(records.map(({ key, label, split }) => [key, label, split])).toEqual([
    ['test/boat/a.png', 'boat', 'test'],
    ['train/boat/a.png', 'boat', 'train'],
    ['val/fruit/b.png', 'fruit', 'validation'],
  ]);
  expect(skipped).toEqual([
    { row: 'extra', reason: 'is a folder beside test/, train/, val/: only the splits are read' },
    { row: 'test/loose.png', reason: 'is in no class folder' },
  ]);
});

test('a class may be called train where its folder holds pictures', async () => {
  const { records } = await importFolder(await folderWith('train/a.png', 'boat/b.png'));
  expect(records.map(({ label, split }) => [label, split])).toEqual([
    ['boat', 'train'],
    ['train', 'train'],
  ]);
});

test('what is hidden is passed over, what is no picture is left out with its path', async () => {
  const folder = await folderWith('boat/a.png', '.cache/b.png', 'boat/.b.png', 'loose.png');
  writeFileSync(join(folder, 'boat', 'notes.txt'), 'no picture');
  writeFileSync(join(folder, 'boat', 'Thumbs.db'), 'no picture');
  mkdirSync(join(folder, 'empty class'));
  symlinkSync(join(folder, 'boat'), join(folder, 'boat', 'loop'));
  symlinkSync(join(folder, 'gone.png'), join(folder, 'boat', 'zombie.png'));
  const { records, skipped } = await importFolder(folder);
  expect(records.map(({ key }) => key)).toEqual(['boat/a.png']);
  expect(skipped).toEqual([
    { row: 'boat/loop', reason: 'is a link to a folder that it lies in' },
    { row: 'boat/notes.txt', reason: expect.stringContaining('cannot be decoded') },
    { row: 'boat/zombie.png', reason: expect.stringContaining('no picture at') },
    { row: 'loose.png', reason: 'is in no class folder' },
  ]);
});

test("a picture's key alone chooses its template", async () => {
  const templates = ['a {}', 'the {class}', '{label} {tag}'];
  const keys = Array.from({ length: 12 }, (_, i) => `boat/${i}.png`);
  const filled = ['a boat', 'the boat', 'boat boat'];
  const { records } = await importFolder(await folderWith(...keys), templates);
  for (const { key, caption } of records) {
    const digest = createHash('sha256').update(`caption:${key}`).digest('hex');
    expect(caption).toBe(filled[Number.parseInt(digest.slice(0, 8), 16) % 3]);
  }
  expect(new Set(records.map(({ caption }) => caption)).size).toBe(3);
  const alone = await importFolder(await folderWith('boat/7.png'), templates);
  expect(alone.records[0]?.caption).toBe(records.find(({ key }) => key === 'boat/7.png')?.caption);
});

test('errors: no folder, no template, a template that cannot be filled', async () => {
  await expect(importFolder('/nowhere/at/all')).rejects.toMatchObject({ kind: 'not-found' });
  const folder = await folderWith('boat/a.png');
  await expect(importFolder(folder, [])).rejects.toMatchObject({ kind: 'bad-input' });
  await expect(importFolder(folder, ['a {colour}'])).rejects.toMatchObject({ kind: 'bad-input' });
});
