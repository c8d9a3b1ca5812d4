import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from '#main/workbench/workspace.ts';
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

it('prints tables for a person', async () => {
  await runJson(folder, ...create, '--name', 'table');
  const list = await runCli(folder, 'variant', 'list');
  expect(list.stdout).toMatch(/Variant +Dataset +Trigger +Target +Poisoned +Seed +Id/);
  const show = await runCli(folder, 'variant', 'show', 'table');
  expect(show.stdout).toContain('4 pairs poisoned');
  const datasets = await runCli(folder, 'dataset', 'list');
  expect(datasets.stdout).toContain('colours');
});
