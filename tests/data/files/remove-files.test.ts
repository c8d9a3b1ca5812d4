import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { removeFiles } from '#main/data/files/remove-files.ts';
import { temporaryFolder } from '../picture-files.ts';

function write(folder: string, ...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
}

test('removes what it is given, with the folders that are empty then', async () => {
  const folder = join(temporaryFolder(), 'made');
  write(folder, 'a/1.png', 'a/b/2.png', 'list.json');
  await removeFiles(folder, ['a/1.png', 'a/b/2.png', 'list.json', 'gone.png']);
  expect(existsSync(folder)).toBe(false);
});

test('leaves everything else: other files, folders with them, and what lies outside', async () => {
  const parent = temporaryFolder();
  const folder = join(parent, 'made');
  write(parent, 'made/a/1.png', 'made/a/notes.txt', 'made/c/2.png', 'outside.png');
  await removeFiles(folder, ['a/1.png', 'c/2.png', '../outside.png', join(parent, 'outside.png')]);
  expect(readdirSync(folder)).toEqual(['a']);
  expect(readdirSync(join(folder, 'a'))).toEqual(['notes.txt']);
  expect(existsSync(join(parent, 'outside.png'))).toBe(true);
});
