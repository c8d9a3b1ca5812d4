import { join } from 'node:path';
import { expect, it } from 'vitest';
import { defaultPatch } from '#core/triggers/patch.ts';
import { importSmallDataset } from '../workbench/fixtures.ts';
import { openBrowsedWorkspace } from './browsed-workspace.ts';

it('a variant is made as a job, and its pages show each change beside the original', async () => {
  const { folder, workspace, variants, finish } = openBrowsedWorkspace();
  const dataset = await importSmallDataset(workspace, join(folder, 'pictures'));
  const job = await finish(
    await variants.create({
      name: 'poison',
      dataset: 'colours',
      resolution: 12,
      seed: 0,
      parts: [{ trigger: defaultPatch(3, 12), target: 'red', amount: { kind: 'count', count: 7 } }],
    }),
  );
  expect(job).toMatchObject({ state: 'done', result: { kind: 'variant' } });
  const [view] = await variants.list();
  expect(view).toMatchObject({
    id: job.result?.id,
    name: 'poison',
    dataset: 'colours',
    datasetId: dataset.id,
    changed: 7,
  });
  expect(view?.thumbnails).toHaveLength(6);
  expect(await variants.get({ variant: 'poison' })).toEqual(view);

  const all = await variants.page({ variant: 'poison', offset: 0, limit: 100 });
  expect(all.total).toBe(7);
  expect(all.rows).toHaveLength(7);
  expect(all.rows.map(({ recordId }) => recordId)).toEqual(
    all.rows.map(({ recordId }) => recordId).sort((a, b) => a - b),
  );
  for (const row of all.rows) {
    expect(row.oldCaption).toMatch(/^a picture of (green|blue|something)/);
    expect(row.newCaption).toMatch(/red|crimson|scarlet/);
    expect(row.clean).toContain(`/media/p/${row.recordId}?`);
    expect(row.poisoned).toContain(`/media/v/${view?.id}/${row.recordId}?`);
  }
  const second = await variants.page({ variant: 'poison', offset: 2, limit: 2 });
  expect(second).toEqual({ total: 7, rows: all.rows.slice(2, 4) });
  // The new caption counts, not the old one.
  expect((await variants.page({ variant: 'poison', text: 'picture', offset: 0, limit: 9 })).total).toBe(0);
  expect((await variants.page({ variant: 'poison', text: 'red', offset: 0, limit: 9 })).total).toBe(7);
});

it('what is wrong with a variant shows in its job', async () => {
  const { folder, workspace, variants, finish } = openBrowsedWorkspace();
  await importSmallDataset(workspace, join(folder, 'pictures'));
  const request = {
    dataset: 'colours',
    resolution: 12,
    seed: 0,
    parts: [{ trigger: defaultPatch(3, 12), target: 'purple', amount: { kind: 'count' as const, count: 1 } }],
  };
  const job = await finish(await variants.create(request));
  expect(job).toMatchObject({ state: 'failed', message: expect.stringContaining("'purple' is no class") });
  expect(await variants.list()).toEqual([]);
});
