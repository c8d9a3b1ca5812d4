import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { partialPath, removeLeftOvers } from '#main/data/files/left-overs.ts';
import { makeWholeFolder } from '#main/data/files/whole-folder.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { makeFolder } from '../../workbench/fixtures.ts';

function scratch(): string {
  const { folder, remove } = makeFolder();
  onTestFinished(remove);
  return folder;
}

/** The number of a process that has ended. */
const gone = spawnSync(process.execPath, ['--version']).pid;

test('what a dead program left goes; what a living one writes stays, and so does every other name', () => {
  const folder = scratch();
  const own = partialPath('a.png');
  const others = ['a.part', 'b.123.part', `c.${gone}.0123.part`, `d.${gone}.01234567.part.txt`];
  for (const name of [own, ...others]) writeFileSync(join(folder, name), '');
  writeFileSync(join(folder, `e.${gone}.01234567.part`), '');
  mkdirSync(join(folder, `f.${gone}.01234567.part`, 'inside'), { recursive: true });
  removeLeftOvers(folder);
  expect(readdirSync(folder).sort()).toEqual([own, ...others].sort());
  removeLeftOvers(join(folder, 'not-there'));
});

test('a workspace is cleared when it is opened, and the place of an export when the next one begins', async () => {
  const folder = scratch();
  const left = ['workbench.sqlite', 'cache/evaluation', 'cache/window', 'datasets/x', 'models/x', 'runs/x'];
  const paths = left.map((name) => join(folder, `${name}.${gone}.89abcdef.part`));
  for (const path of paths) mkdirSync(path, { recursive: true });
  openWorkspace(folder).close();
  expect(paths.filter(existsSync)).toEqual([]);

  const half = join(folder, `exported.${gone}.89abcdef.part`);
  mkdirSync(half);
  await makeWholeFolder(join(folder, 'exported'), async (partial) => writeFileSync(join(partial, 'x'), ''));
  expect(existsSync(half)).toBe(false);
  expect(readdirSync(join(folder, 'exported'))).toEqual(['x']);
});
