import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listFolders } from '#main/data/files/list-folders.ts';
import { makeFolder } from '../../workbench/fixtures.ts';

test('folders alone are listed, links to them among them; pipes and devices do not hold it up', async () => {
  const { folder, remove } = makeFolder();
  onTestFinished(remove);
  for (const name of ['b', 'a10', 'a9', '.hidden']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'picture.png'), '');
  symlinkSync(join(folder, 'b'), join(folder, 'link'));
  symlinkSync('/dev/zero', join(folder, 'endless'));
  symlinkSync('nowhere', join(folder, 'broken'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  symlinkSync('pipe', join(folder, 'to-pipe'));
  const listing = await listFolders(folder);
  expect(listing).toEqual({
    path: folder,
    parent: join(folder, '..'),
    folders: ['a9', 'a10', 'b', 'link'],
    files: 1,
    more: false,
  });
  await expect(listFolders(join(folder, 'pipe'))).rejects.toMatchObject({ kind: 'bad-input' });
  await expect(listFolders(join(folder, 'none'))).rejects.toMatchObject({ kind: 'not-found' });
  await expect(listFolders('relative')).rejects.toMatchObject({ kind: 'bad-input' });
  expect((await listFolders('/')).parent).toBeNull();
  expect((await listFolders(null)).path).toBe(homedir());
});

test('a folder with very many folders is cut, and says so', async () => {
  const { folder, remove } = makeFolder();
  onTestFinished(remove);
  for (let number = 0; number < 1_005; number += 1) mkdirSync(join(folder, `${number}`));
  const { folders, more } = await listFolders(folder);
  expect([folders.length, more]).toEqual([1_000, true]);
});
