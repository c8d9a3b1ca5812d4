import { join } from 'node:path';
import { expect, it } from 'vitest';
import { iterateRecords } from '#db/datasets/records.ts';
import { deriveDataset } from '#main/workbench/datasets/derive-dataset.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder } from '../fixtures.ts';

it('makes datasets of some records, without some, and with a corrected caption, and names the origin', async () => {
  const { folder, remove } = makeFolder();
  const workspace = openWorkspace(join(folder, 'workspace'));
  const { id } = await importSmallDataset(workspace, join(folder, 'pictures'));
  const all = [...iterateRecords(workspace.db, id)];
  const [first, second, third] = all;
  if (!first || !second || !third) throw new Error('too few records');
  const some = new Set([first.id, second.id]);
  const keysOf = (dataset: string) => [...iterateRecords(workspace.db, dataset)].map(({ key }) => key).sort();

  const only = await deriveDataset(workspace, { dataset: id, name: 'two', mode: 'only' }, some);
  expect(keysOf(only.id)).toEqual([first.key, second.key].sort());
  expect(only.source).toMatchObject({
    kind: 'selected',
    dataset: 'colours',
    removed: all.length - 2,
    corrected: [],
  });

  const without = await deriveDataset(workspace, { dataset: id, name: 'rest', mode: 'without' }, some);
  expect(without.records).toBe(all.length - 2);
  expect(keysOf(without.id)).not.toContain(first.key);

  const captions = [{ recordId: third.id, caption: 'a better one' }];
  const mended = await deriveDataset(
    workspace,
    { dataset: id, name: 'mended', mode: 'all', captions },
    new Set(),
  );
  const records = [...iterateRecords(workspace.db, mended.id)];
  expect(records).toHaveLength(all.length);
  expect(records.find(({ key }) => key === third.key)?.caption).toBe('a better one');
  expect(records.filter(({ caption }) => caption === 'a better one')).toHaveLength(1);
  expect(mended.source).toMatchObject({
    removed: 0,
    corrected: [{ key: third.key, from: third.caption, to: 'a better one' }],
  });
  // The dataset that it came from stays as it was.
  expect([...iterateRecords(workspace.db, id)]).toEqual(all);

  const nothing = deriveDataset(workspace, { dataset: id, name: 'none', mode: 'only' }, new Set());
  await expect(nothing).rejects.toMatchObject({ kind: 'bad-input' });
  const outside = deriveDataset(workspace, { dataset: id, name: 'none', mode: 'only', captions }, some);
  await expect(outside).rejects.toMatchObject({ kind: 'bad-input' });
  workspace.close();
  remove();
});
