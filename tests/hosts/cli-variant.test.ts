import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDataset } from '#db/datasets/datasets.ts';
import { insertRun } from '#db/runs/runs.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { runNamed } from '../db/records-for-tests.ts';
import { importSmallDataset, makeFolder } from '../workbench/fixtures.ts';
import { runCli, runJson } from './run-cli.ts';

let temporary: ReturnType<typeof makeFolder>;
let folder: string;
beforeAll(async () => {
  temporary = makeFolder();
  folder = join(temporary.folder, 'workspace');
  const workspace = openWorkspace(folder);
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  workspace.close();
});
afterAll(() => temporary.remove());

const create = [
  'variant',
  'create',
  '--dataset',
  'colours',
  '--trigger',
  'patch',
  '--patch-size',
  '3',
].concat(['--resolution', '12', '--target', 'red', '--count', '4']);

describe('variant create', () => {
  it('gives the id, the count and the same hash twice', async () => {
    const first = await runJson(folder, ...create, '--seed', '1');
    expect(first).toEqual({
      variantId: expect.any(String),
      changed: 4,
      pictures: 4,
      cleanPairs: 0,
      manifestSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const again = await runJson(folder, ...create, '--seed', '1');
    expect(again).toHaveProperty('manifestSha256', (first as { manifestSha256: string }).manifestSha256);
    const other = await runJson(folder, ...create, '--seed', '2');
    expect(other).not.toHaveProperty('manifestSha256', (first as { manifestSha256: string }).manifestSha256);
  });

  it('takes caption templates from a file', async () => {
    const file = join(temporary.folder, 'templates.txt');
    writeFileSync(file, 'look: {}\n');
    await runJson(folder, ...create, '--templates', file, '--name', 'look');
    const shown = await runJson(folder, 'variant', 'show', 'look');
    expect(shown).toMatchObject({ records: Array(4).fill({ newCaption: 'look: red' }) });
  });

  it('refuses a patch that does not fit', async () => {
    const args = ['variant', 'create', '--dataset', 'colours', '--target', 'red', '--count', '1'];
    const result = await runCli(folder, ...args, '--patch-size', '40', '--resolution', '12');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('40');
  });
});

describe('variant create, further options', () => {
  const base = ['variant', 'create', '--dataset', 'colours', '--resolution', '12', '--patch-size', '3'];

  it('chooses by class, split and words, with another strategy and a trigger in the caption', async () => {
    const selection = ['--class', 'green', '--unlabelled', '--split', 'train', '--caption', 'something'];
    await runJson(
      folder,
      ...base,
      ...selection,
      ...['--target', 'red', '--count', '2', '--strategy', 'target-captions', '--name', 'narrow'],
      ...['--caption-trigger', '{"kind":"insert","text":"cf","position":"start"}'],
    );
    const shown = await runJson(folder, 'variant', 'show', 'narrow');
    expect(shown).toMatchObject({
      recipe: {
        parts: [
          { strategy: 'target-captions', selection: { classes: [null, 'green'], caption: 'something' } },
        ],
      },
      records: [
        { key: 'train/unlabelled-0.png', newCaption: expect.stringMatching(/^cf a picture of red/) },
        { key: 'train/unlabelled-1.png', newCaption: expect.stringMatching(/^cf a picture of red/) },
      ],
    });
  });

  it('takes several triggers, and all-to-all without a target', async () => {
    const further = { trigger: 'blended', target: 'blue', amount: { kind: 'count', count: 2 } };
    const made = await runJson(
      folder,
      ...base,
      ...['--strategy', 'all-to-all', '--count', '3', '--part', JSON.stringify(further), '--name', 'two'],
    );
    expect(made).toMatchObject({ changed: 5 });
    const list = await runCli(folder, 'variant', 'list');
    expect(list.stdout).toMatch(/two +colours +patch, blended +next class, blue/);
  });

  it.each([
    [['--count', '1'], 'Name the class that triggered pictures are to be predicted as'],
    [['--target', 'red', '--strategy', 'all-to-all', '--count', '1'], 'leave --target out'],
    [['--target', 'red', '--count', '1', '--nearest', 'a', '--farthest', 'b'], 'not both'],
    [['--target', 'red', '--count', '1', '--part', '{'], '--part is no JSON'],
    [['--target', 'red', '--count', '1', '--part', '{"trigger":"patch"}'], 'amount'],
    [['--target', 'red', '--count', '1', '--split', 'all'], "no split 'all'"],
  ])('says how to use it: %j', async (args, message) => {
    const { code, stderr } = await runCli(folder, ...base, ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('variant verify, export and import', () => {
  it('goes out, comes back with the same hash, and is told when a picture changed', async () => {
    const made = await runJson(folder, ...create, '--seed', '5', '--name', 'travels');
    const { manifestSha256 } = made as { manifestSha256: string };
    const out = join(temporary.folder, 'travels');
    const written = await runJson(
      folder,
      'variant',
      'export',
      'travels',
      '--out',
      out,
      '--clean-pictures',
      'copy',
    );
    expect(written).toMatchObject({
      rows: { train: 26, validation: 0, test: 9 },
      poisoned: 4,
      manifestSha256,
    });
    const again = await runCli(folder, 'variant', 'export', 'travels', '--out', out);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('is not empty');

    const other = join(temporary.folder, 'other-workspace');
    expect(await runJson(other, 'variant', 'import', out)).toMatchObject({ name: 'travels', manifestSha256 });
    expect(await runJson(other, 'variant', 'verify', 'travels')).toMatchObject({ ok: true, records: 4 });
    const { records } = (await runJson(other, 'variant', 'show', 'travels')) as {
      records: { key: string }[];
    };
    const key = records[0]?.key ?? '';
    copyFileSync(join(out, 'images/train/red-0.png'), join(out, 'images', key));
    const checked = await runCli(other, 'variant', 'verify', 'travels');
    expect(checked.code).toBe(1);
    expect(checked.stdout).toContain(key);
  });
});

it('prints tables for a person', async () => {
  await runJson(folder, ...create, '--name', 'table');
  const list = await runCli(folder, 'variant', 'list');
  expect(list.stdout).toMatch(/Variant +Dataset +Trigger +Target +Poisoned +Seed +Id/);
  const show = await runCli(folder, 'variant', 'show', 'table');
  expect(show.stdout).toContain('4 pairs poisoned');
  const datasets = await runCli(folder, 'dataset', 'list');
  expect(datasets.stdout).toContain('colours');
});

describe('variant remove', () => {
  it('removes a variant by its name, and the same recipe makes it again', async () => {
    await runJson(folder, ...create, '--seed', '7', '--name', 'short-lived');
    const shown = await runJson(folder, 'variant', 'show', 'short-lived');
    const removed = await runJson(folder, 'variant', 'remove', 'short-lived');
    expect(removed).toMatchObject({ name: 'short-lived', changed: 4 });
    const gone = await runCli(folder, 'variant', 'show', 'short-lived');
    expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining("'short-lived'") });
    const { manifestSha256 } = shown as { manifestSha256: string };
    expect(removed).toMatchObject({ manifestSha256 });
    expect(await runJson(folder, ...create, '--seed', '7', '--name', 'short-lived')).toMatchObject({
      manifestSha256,
    });
  });

  it('refuses one that a run uses, with its name', async () => {
    const used = (await runJson(folder, ...create, '--seed', '8', '--name', 'used')) as { variantId: string };
    const workspace = openWorkspace(folder);
    const { id: datasetId } = findDataset(workspace.db, 'colours');
    insertRun(workspace.db, runNamed('trained on it', datasetId, { variantId: used.variantId }));
    workspace.close();
    const refused = await runCli(folder, 'variant', 'remove', 'used');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("run 'trained on it'");
    expect(await runJson(folder, 'variant', 'show', 'used')).toMatchObject({ changed: 4 });
  });
});
