import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findObjects } from '#main/workbench/find-objects.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder } from './fixtures.ts';

it('finds a class with its dataset, and everything of a kind by the kind’s word', async () => {
  const { folder, remove } = makeFolder();
  const workspace = openWorkspace(join(folder, 'workspace'));
  const { id } = await importSmallDataset(workspace, join(folder, 'pictures'));
  const find = (text: string) => findObjects(workspace, text).map(({ kind, title }) => `${kind} ${title}`);

  expect(find('gre')).toEqual(['class green']);
  expect(findObjects(workspace, 'green')[0]).toMatchObject({ id: 'green', datasetId: id });
  expect(find('dataset')).toEqual(['dataset colours']);
  expect(find('class re')).toEqual(['class green', 'class red']);
  expect(find('datasets col')).toEqual(['dataset colours']);
  expect(find('')).toEqual(['dataset colours']);
  workspace.close();
  remove();
});
