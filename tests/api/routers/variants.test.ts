import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { insertRun } from '#db/runs/runs.ts';
import { runNamed } from '../../db/records-for-tests.ts';
import { importSmallDataset } from '../../workbench/fixtures.ts';
import { openBrowsedWorkspace } from '../browsed-workspace.ts';

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

it('a preview shows what the seed selects, and each attack its own records', async () => {
  const { folder, workspace, variants, finish } = openBrowsedWorkspace();
  await importSmallDataset(workspace, join(folder, 'pictures'));
  const part = { trigger: defaultPatch(3, 12), target: 'red', amount: { kind: 'count' as const, count: 4 } };
  const request = { dataset: 'colours', resolution: 12, seed: 3, parts: [part, part] };
  const previews = await Promise.all([0, 1].map((place) => variants.preview({ ...request, part: place })));
  await finish(await variants.create({ ...request, name: 'twice' }));
  for (const [place, preview] of previews.entries()) {
    const made = await variants.page({ variant: 'twice', part: place, offset: 0, limit: 9 });
    const sorted = (rows: readonly { recordId: number; newCaption: string }[]) =>
      rows.map(({ recordId, newCaption }) => `${recordId} ${newCaption}`).sort();
    expect(preview.chosen).toBe(true);
    expect(sorted(preview.examples)).toEqual(sorted(made.rows));
    expect(made.total).toBe(4);
  }
});

describe('removing', () => {
  async function makeOne() {
    const opened = openBrowsedWorkspace();
    const { folder, workspace, variants, finish } = opened;
    await importSmallDataset(workspace, join(folder, 'pictures'));
    const parts = [
      { trigger: defaultPatch(3, 12), target: 'red', amount: { kind: 'count' as const, count: 3 } },
    ];
    await finish(
      await variants.create({ name: 'poison', dataset: 'colours', resolution: 12, seed: 0, parts }),
    );
    return { ...opened, view: await variants.get({ variant: 'poison' }) };
  }

  it('a removed variant comes back as it was, with all that it changes', async () => {
    const { variants, finish, view } = await makeOne();
    const page = () => variants.page({ variant: view.id, offset: 0, limit: 10 });
    const before = await page();
    expect(before.total).toBe(3);
    expect(await variants.remove({ variant: 'poison' })).toEqual({ removed: true });
    expect(await variants.list()).toEqual([]);
    await expect(page()).rejects.toMatchObject({ kind: 'not-found' });
    expect(await variants.restore({ variantId: view.id })).toEqual(view);
    expect(await page()).toEqual(before);
    await finish(await variants.verify({ variant: 'poison' }));
    expect(await variants.verification({ variant: 'poison' })).toMatchObject({ ok: true, records: 3 });
  });

  it('what was not removed, and what was brought back, cannot be brought back', async () => {
    const { variants, view } = await makeOne();
    await expect(variants.restore({ variantId: view.id })).rejects.toMatchObject({ kind: 'not-found' });
    await variants.remove({ variant: view.id });
    await variants.restore({ variantId: view.id });
    await expect(variants.restore({ variantId: view.id })).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('a name that was taken meanwhile stays with its new owner', async () => {
    const { variants, finish, view } = await makeOne();
    await variants.remove({ variant: 'poison' });
    const parts = [
      { trigger: defaultPatch(2, 12), target: 'red', amount: { kind: 'count' as const, count: 1 } },
    ];
    await finish(
      await variants.create({ name: 'poison', dataset: 'colours', resolution: 12, seed: 0, parts }),
    );
    await expect(variants.restore({ variantId: view.id })).rejects.toMatchObject({ kind: 'conflict' });
    expect(await variants.get({ variant: 'poison' })).toMatchObject({ changed: 1 });
  });

  it('a variant that a run was made with is refused, with its name', async () => {
    const { workspace, variants, view } = await makeOne();
    insertRun(workspace.db, runNamed('trained on it', view.datasetId, { variantId: view.id }));
    await expect(variants.remove({ variant: 'poison' })).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining("run 'trained on it'"),
    });
    expect(await variants.get({ variant: 'poison' })).toMatchObject({ id: view.id, uses: 1 });
  });
});

it('a variant of chosen records changes these, and their keys stand in the recipe', async () => {
  const { folder, workspace, datasets, variants, finish } = openBrowsedWorkspace();
  await importSmallDataset(workspace, join(folder, 'pictures'));
  const { rows } = await datasets.page({ query: { dataset: 'colours' }, offset: 0, limit: 100 });
  const chosen = rows.filter((_, place) => place % 9 === 0);
  expect(new Set(chosen.map(({ split }) => split)).size).toBe(2);
  const part = {
    trigger: defaultPatch(3, 12),
    target: 'red',
    amount: { kind: 'count' as const, count: chosen.length },
    selection: {
      splits: ['train' as const, 'test' as const],
      includeTarget: true as const,
      recordIds: chosen.map(({ id }) => id),
    },
  };
  const request = { name: 'these', dataset: 'colours', resolution: 12, seed: 0, parts: [part] };
  expect(await variants.preview(request)).toMatchObject({
    candidates: { count: chosen.length, exact: true },
    problem: null,
    chosen: true,
  });
  const job = await finish(await variants.create(request));
  expect(job.state).toBe('done');
  const made = await variants.page({ variant: 'these', offset: 0, limit: 100 });
  expect(made.rows.map(({ recordId }) => recordId)).toEqual(chosen.map(({ id }) => id));
  const { recipe } = await variants.get({ variant: 'these' });
  expect(recipe.parts[0].selection?.keys).toEqual(chosen.map(({ key }) => key).sort());

  const tooMany = { ...part, amount: { kind: 'count' as const, count: chosen.length + 1 } };
  expect((await variants.preview({ ...request, parts: [tooMany] })).problem).toContain(
    `among ${chosen.length} chosen records`,
  );
  const hidden = { ...part, trigger: { ...part.trigger, layer: { hidden: true as const } } };
  expect((await variants.preview({ ...request, parts: [hidden] })).problem).toContain('changes nothing');
  const foreign = { ...part, selection: { ...part.selection, recordIds: [1, 987654] } };
  expect((await variants.preview({ ...request, parts: [foreign] })).problem).toContain('choose them anew');
});
