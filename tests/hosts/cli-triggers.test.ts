import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { triggerKinds } from '#contract/trigger.ts';
import { decodePicture } from '#main/data/pictures/decode-picture.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { gradient, savePicture } from '../data/picture-files.ts';
import { importSmallDataset, makeFolder } from '../workbench/fixtures.ts';
import { runCli, runJson } from './run-cli.ts';

let temporary: ReturnType<typeof makeFolder>;
let folder: string;
let image: string;
beforeAll(async () => {
  temporary = makeFolder();
  folder = join(temporary.folder, 'workspace');
  const workspace = openWorkspace(folder);
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  workspace.close();
  image = await savePicture(join(temporary.folder, 'in.png'), gradient(20, 10, 1));
});
afterAll(() => temporary.remove());

it('lists every kind with presets and parameters', async () => {
  const list = await runJson(folder, 'trigger', 'list');
  expect(list).toMatchObject({
    kinds: triggerKinds.map((kind) => ({
      kind,
      parameters: expect.objectContaining({ properties: expect.any(Object) }),
      presets: expect.arrayContaining([{ name: expect.any(String), trigger: expect.any(Object) }]),
    })),
    captionKinds: [{ kind: 'insert' }, { kind: 'replace' }],
    triggers: [],
  });
});

const solid = {
  size: 2,
  pattern: { kind: 'solid', colour: [255, 255, 0] },
  place: { kind: 'at', x: 1, y: 3 },
};

it('previews a trigger with the pixels asked for, keeps it, exports it, and imports it again', async () => {
  const out = join(temporary.folder, 'out.png');
  const preview = ['trigger', 'preview', '--image', image, '--out', out, '--resolution', '8'];
  const first = await runJson(
    folder,
    ...preview,
    ...['--kind', 'patch', '--params', JSON.stringify(solid), '--save', 'mine'],
  );
  expect(first).toMatchObject({ width: 8, height: 8, difference: { changedShare: 4 / 64 } });
  const { data } = await decodePicture(out);
  expect([...data.subarray((3 * 8 + 1) * 3, (3 * 8 + 3) * 3)]).toEqual([255, 255, 0, 255, 255, 0]);

  const json = join(temporary.folder, 'mine.json');
  await runJson(folder, 'trigger', 'export', 'mine', '--out', json);
  const grey = await decodePicture(join(temporary.folder, 'mine.png'));
  expect([...grey.data.subarray(0, 3)]).toEqual([128, 128, 128]);
  expect([...grey.data.subarray((3 * 8 + 1) * 3, (3 * 8 + 2) * 3)]).toEqual([255, 255, 0]);

  expect(await runJson(folder, 'trigger', 'import', json)).toMatchObject({ name: 'mine', version: 1 });
  const changed = readFileSync(json, 'utf8').replace('"size": 2', '"size": 3');
  writeFileSync(json, changed);
  expect(await runJson(folder, 'trigger', 'import', json)).toMatchObject({ name: 'mine', version: 2 });
  expect(await runJson(folder, 'trigger', 'show', 'mine')).toMatchObject({
    version: 2,
    trigger: { ...solid, kind: 'patch', size: 3 },
  });

  writeFileSync(json, '{"format":"other"}');
  const refused = await runCli(folder, 'trigger', 'import', json);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('holds no trigger')]);
});

it('names the parameter that is wrong', async () => {
  const out = join(temporary.folder, 'none.png');
  const preview = ['trigger', 'preview', '--image', image, '--out', out];
  const wrong = await runCli(folder, ...preview, '--kind', 'blended', '--params', '{"alpha":2}');
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('alpha')]);
  const broken = await runCli(folder, ...preview, '--kind', 'blended', '--params', '{alpha');
  expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining('JSON')]);
  expect((await runCli(folder, ...preview)).code).toBe(2);
  expect((await runCli(folder, ...preview, '--kind', 'nothing')).code).toBe(2);
});

it('poisons with any kind, the same hash twice', async () => {
  const create = ['variant', 'create', '--dataset', 'colours', '--target', 'red', '--count', '3'].concat([
    '--resolution',
    '12',
    '--trigger',
    'warp',
    '--params',
    '{"gridSize":4,"strength":2}',
  ]);
  const first = await runJson(folder, ...create);
  const again = await runJson(folder, ...create);
  expect(first).toMatchObject({ changed: 3 });
  expect(again).toHaveProperty('manifestSha256', (first as { manifestSha256: string }).manifestSha256);
  const mixed = await runCli(folder, ...create, '--patch-size', '3');
  expect(mixed.code).toBe(2);
});
