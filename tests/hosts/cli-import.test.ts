import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hues, makeFolder, writeNoisyPicture } from '../workbench/fixtures.ts';
import { jsonLines, runCli, runJson } from './run-cli.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: string;
beforeEach(() => {
  temporary = makeFolder();
  workspace = join(temporary.folder, 'workspace');
});
afterEach(() => temporary.remove());
const at = (...parts: string[]) => join(temporary.folder, ...parts);

describe('a CSV', () => {
  beforeEach(async () => {
    await writeNoisyPicture(at('pictures', 'a.png'), hues.red);
    await writeNoisyPicture(at('pictures', 'b.png'), hues.green);
    writeFileSync(at('pictures', 'broken.png'), 'no picture');
    const rows = [
      'image,caption,label,split',
      'pictures/a.png,"a red, red thing",red,train',
      'pictures/missing.png,nothing,red,train',
      'pictures/broken.png,broken,red,train',
      'pictures/b.png,,green,test',
      'pictures/b.png,too,many,columns,here',
    ].map((row) => Buffer.from(`${row}\n`));
    rows.push(Buffer.from([0x70, 0xff, 0x2c, 0x78, 0x2c, 0x2c, 0x0a]));
    rows.push(Buffer.from('pictures/b.png,a green thing,green,test\n'));
    writeFileSync(at('pairs.csv'), Buffer.concat(rows));
  });

  it('imports the good rows and lists the bad ones with their numbers', async () => {
    const result = await runCli(workspace, 'dataset', 'import', at('pairs.csv'), '--name', 'pairs', '--json');
    expect(result.code).toBe(0);
    const lines = jsonLines(result);
    expect(lines).toEqual([
      {
        datasetId: expect.any(String),
        format: 'csv',
        records: 2,
        pictures: 2,
        splits: { train: 1, validation: 0, test: 1 },
        classes: ['green', 'red'],
        notes: [],
        skippedTotal: 5,
        skippedReasons: expect.any(Object),
        skipped: [3, 4, 5, 6, 7].map((row) => ({ row, reason: expect.any(String) })),
      },
    ]);
    expect(await runJson(workspace, 'dataset', 'show', 'pairs')).toMatchObject({
      name: 'pairs',
      records: 2,
      classes: ['green', 'red'],
      splits: { train: 1, validation: 0, test: 1 },
      prompts: ['a photo of a {}.'],
    });
  });

  it('imports nothing with --strict', async () => {
    const args = ['dataset', 'import', at('pairs.csv'), '--name', 'pairs', '--strict', '--json'];
    const result = await runCli(workspace, ...args);
    expect(result.code).toBe(1);
    expect(jsonLines(result)).toMatchObject([{ error: { kind: 'bad-input', details: {} } }]);
    expect(result.stderr).toContain('row 3');
    expect(await runJson(workspace, 'dataset', 'list')).toEqual([]);
  });

  it('reads other columns by name, and prompts from a file', async () => {
    writeFileSync(
      at('other.csv'),
      'file\ttext\tclass\npictures/a.png\tred thing\tred\n'.replaceAll('\t', ','),
    );
    writeFileSync(at('prompts.txt'), 'a {}.\n\nthe {}.\n');
    const columns = ['--image-column', 'file', '--caption-column', 'text', '--label-column', 'class'];
    await runJson(
      workspace,
      'dataset',
      'import',
      at('other.csv'),
      '--name',
      'o',
      ...columns,
      '--prompts',
      at('prompts.txt'),
    );
    expect(await runJson(workspace, 'dataset', 'show', 'o')).toMatchObject({
      classes: ['red'],
      prompts: ['a {}.', 'the {}.'],
      captionTemplates: ['a {}.', 'the {}.'],
      splits: { train: 1, validation: 0, test: 0 },
    });
  });

  it('refuses a column that is missing, a prompt without {}, and a name that is taken', async () => {
    const bad = await runCli(
      workspace,
      'dataset',
      'import',
      at('pairs.csv'),
      '--name',
      'n',
      '--image-column',
      'file',
    );
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain("'file'");
    writeFileSync(at('prompts.txt'), 'a thing\n');
    const prompts = ['--prompts', at('prompts.txt')];
    const prompt = await runCli(workspace, 'dataset', 'import', at('pairs.csv'), '--name', 'n', ...prompts);
    expect(prompt.code).toBe(1);
    expect(prompt.stderr).toContain('a thing');
    await runJson(workspace, 'dataset', 'import', at('pairs.csv'), '--name', 'n');
    const taken = await runCli(workspace, 'dataset', 'import', at('pairs.csv'), '--name', 'n', '--json');
    expect(taken.code).toBe(1);
    expect(jsonLines(taken)).toMatchObject([{ error: { kind: 'conflict' } }]);
  });
});

describe('a folder of classes', () => {
  it('takes labels from subfolders, splits from top folders and captions from templates', async () => {
    for (const key of ['train/red/1.png', 'train/green/1.png', 'test/red/2.png']) {
      await writeNoisyPicture(at('colours', key), hues.red);
    }
    mkdirSync(at('colours', 'test', 'green'));
    writeFileSync(at('colours', 'test', 'green', 'broken.png'), 'no picture');
    copyFileSync(at('colours', 'train', 'red', '1.png'), at('colours', 'stray.png'));
    writeFileSync(at('templates.txt'), 'see {class}\n');
    const args = [
      'dataset',
      'import',
      at('colours'),
      '--name',
      'colours',
      '--templates',
      at('templates.txt'),
    ];
    const report = await runJson(workspace, ...args);
    expect(report).toMatchObject({ records: 3 });
    expect(report).toHaveProperty(
      'skipped',
      expect.arrayContaining([
        { row: 'test/green/broken.png', reason: expect.any(String) },
        { row: 'stray.png', reason: expect.any(String) },
      ]),
    );
    expect(await runJson(workspace, 'dataset', 'show', 'colours')).toMatchObject({
      classes: ['green', 'red'],
      // Captions of this form are what a model learns from: it is asked in the same words.
      prompts: ['see {}'],
      splits: { train: 2, validation: 0, test: 1 },
    });
    const variant = ['variant', 'create', '--dataset', 'colours', '--patch-size', '3', '--resolution', '12'];
    await runJson(workspace, ...variant, '--target', 'green', '--count', '1', '--name', 'v');
    expect(await runJson(workspace, 'variant', 'show', 'v')).toMatchObject({
      records: [{ key: 'train/red/1.png', oldCaption: 'see red', newCaption: 'see green' }],
    });
  });
});

it('a folder of classes is split by class, the same way each time; a table is not split anew', async () => {
  for (const hue of ['red', 'green'] as const)
    for (let number = 0; number < 10; number += 1)
      await writeNoisyPicture(at('classes', hue, `${number}.png`), hues[hue]);
  const split = ['--test-share', '0.2', '--split-seed', '3'];
  const preview = await runJson(workspace, 'dataset', 'preview', at('classes'), ...split);
  const imported = await runJson(workspace, 'dataset', 'import', at('classes'), ...split);
  for (const outcome of [preview, imported])
    expect(outcome).toMatchObject({
      splits: { train: 16, validation: 0, test: 4 },
      classes: ['green', 'red'],
    });
  writeFileSync(at('pairs.csv'), 'image,caption\nclasses/red/0.png,red\n');
  const refused = await runCli(workspace, 'dataset', 'import', at('pairs.csv'), ...split);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('one folder per class')]);
});
