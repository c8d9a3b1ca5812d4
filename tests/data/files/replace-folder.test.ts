import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recoverFolders, replaceFolder, unfinishedFolder } from '#main/data/files/replace-folder.ts';
import { temporaryFolder } from '../picture-files.ts';

function fill(folder: string, content: string): void {
  mkdirSync(folder);
  writeFileSync(join(folder, 'file'), content);
}

test('the finished folder takes the name, in place of another or of none', async () => {
  const parent = temporaryFolder();
  const folder = join(parent, 'step-1');
  for (const content of ['first', 'second']) {
    fill(unfinishedFolder(folder), content);
    await replaceFolder(folder);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe(content);
    expect(readdirSync(parent)).toEqual(['step-1']);
  }
});

// What is there after a death at each moment of replaceFolder, and what must be there afterwards.
test.each([
  ['before the old one went aside', { '': 'old', '.unfinished': 'new' }, 'old'],
  ['between the two renames', { '.replaced': 'old', '.unfinished': 'new' }, 'old'],
  ['before the old one was removed', { '': 'new', '.replaced': 'old' }, 'new'],
  ['while the first one was written', { '.unfinished': 'half' }, null],
] as const)('a death %s leaves a whole folder', async (_, left, expected) => {
  const parent = temporaryFolder();
  const folder = join(parent, 'step-1');
  for (const [end, content] of Object.entries(left)) fill(folder + end, content);
  await recoverFolders(parent);
  expect(readdirSync(parent)).toEqual(expected === null ? [] : ['step-1']);
  if (expected !== null) expect(readFileSync(join(folder, 'file'), 'utf8')).toBe(expected);
});

test('there need be no folder to mend', async () => {
  const parent = join(temporaryFolder(), 'none');
  await recoverFolders(parent);
  expect(existsSync(parent)).toBe(false);
});
