import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openModelFile } from '#main/engine/checkpoints/open-model-file.ts';
import { openSafetensors } from '#main/engine/checkpoints/safetensors.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { writeTinyClip } from '../engine/checkpoints/tiny-clip.ts';
import { importSmallDataset, makeFolder } from '../workbench/fixtures.ts';
import { runCli, runJson } from './run-cli.ts';

const importedSchema = z.object({
  modelId: z.string().nullable(),
  architecture: z.string(),
  imageTower: z.string(),
  parameters: z.number(),
  activation: z.string().nullable(),
  activationFrom: z.string().nullable(),
  resolution: z.number(),
  leftover: z.array(z.string()),
  sourceSha256: z.string(),
  weightsSha256: z.string().nullable(),
  measured: z
    .object({
      pictures: z.number(),
      chance: z.number(),
      byActivation: z.array(z.object({ activation: z.string(), ca: z.object({ value: z.number() }) })),
      warning: z.string().nullable(),
    })
    .optional(),
});

let temporary: ReturnType<typeof makeFolder>;
let folder: string;
let file: string;
let sourceSha256: string;
const at = (...parts: string[]) => join(temporary.folder, ...parts);
const json = (...args: string[]) => runJson(folder, ...args);

beforeAll(async () => {
  temporary = makeFolder();
  folder = at('workspace');
  const workspace = openWorkspace(folder);
  await importSmallDataset(workspace, at('pictures'));
  workspace.close();
  file = await writeTinyClip(temporary.folder, 'vit');
});
afterAll(() => temporary.remove());

describe('a model from a file', () => {
  test('is looked at without being kept, and imported only where its activation is known', async () => {
    const seen = importedSchema.parse(await json('model', 'import', file, '--dry-run'));
    expect(seen).toMatchObject({ modelId: null, activation: null, resolution: 12, leftover: [] });
    expect(await json('model', 'list')).toEqual([]);
    const refused = await runCli(folder, 'model', 'import', file, '--name', 'tiny');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('--activation')]);
  });

  test('is measured with both activations, and random weights look wrongly loaded', async () => {
    const args = ['--name', 'tiny', '--activation', 'gelu', '--measure', 'colours'];
    const { measured, ...model } = importedSchema.parse(await json('model', 'import', file, ...args));
    ({ sourceSha256 } = model);
    expect(model).toMatchObject({ activation: 'gelu', activationFrom: 'given' });
    // Three classes of three test pictures each.
    expect(measured).toMatchObject({ pictures: 9, chance: 1 / 3 });
    expect(measured?.byActivation.map(({ activation }) => activation)).toEqual(['quick_gelu', 'gelu']);
    expect(measured?.warning).toMatch(/^This looks wrongly loaded: CA is .* of 'colours'/);
    expect(await json('model', 'show', 'tiny')).toMatchObject({
      name: 'tiny',
      origin: { kind: 'file', path: file, sha256: sourceSha256 },
      lineage: { runs: [], root: { name: 'tiny' } },
    });
    // What was measured at the import is the model's first evaluation, and measuring again gives the same.
    const { stdout } = await runCli(folder, 'model', 'show', 'tiny');
    const again = z
      .object({ ca: z.number() })
      .parse(await json('evaluate', '--model', 'tiny', '--dataset', 'colours'));
    expect(again.ca).toBe(measured?.byActivation[1]?.ca.value);
    expect(stdout).toContain(`${(100 * again.ca).toFixed(1)} % (`);
    expect(stdout).toContain('may be backdoored');
  });

  test('embeds pictures and captions, raw and of length 1, in the order of the keys', async () => {
    const embed = ['embed', '--model', 'tiny', '--dataset', 'colours', '--split', 'test'];
    expect(await json(...embed, '--out', at('raw.safetensors'))).toMatchObject({ rows: 9, dim: 8 });
    await json(...embed, '--unit-length', '--out', at('unit.safetensors'));
    const [raw, unit] = ['raw', 'unit'].map((name) => openSafetensors(at(`${name}.safetensors`)));
    const keys = z.array(z.string()).parse(JSON.parse(raw!.notes['keys'] ?? ''));
    expect([keys.length, new Set(keys).size, keys.every((key) => key.startsWith('test/'))]).toEqual([
      9,
      9,
      true,
    ]);
    for (const name of ['images', 'texts']) {
      const [long, short] = [raw!, unit!].map(({ tensors }) => tensors.get(name)!.read());
      for (let row = 0; row < 9; row++) {
        const own = long!.subarray(row * 8, (row + 1) * 8);
        const length = Math.hypot(...own);
        for (const [place, value] of own.entries())
          expect(short![row * 8 + place]).toBeCloseTo(value / length, 5);
      }
    }
    raw!.close();
    unit!.close();
    await json(...embed, '--prompts', 'imagenet-7', '--out', at('prompts.safetensors'));
    const prompted = openSafetensors(at('prompts.safetensors'));
    // Seven prompts for each of three classes.
    const texts = z.array(z.string()).parse(JSON.parse(prompted.notes['texts'] ?? ''));
    expect(prompted.tensors.get('texts')?.shape).toEqual([21, 8]);
    expect(texts.slice(0, 2)).toEqual(['itap of a blue.', 'a bad photo of the blue.']);
    prompted.close();
  });

  test('is poisoned and repaired; lineage and card name the file, and nothing is deleted under a run', async () => {
    const size = ['--patch-size', '3', '--resolution', '12', '--target', 'red', '--count', '4'];
    await json('variant', 'create', '--dataset', 'colours', ...size, '--name', 'poison');
    const short = ['--epochs', '1', '--batch-size', '8', '--warmup-steps', '1'];
    await json('train', '--start', 'tiny', '--variant', 'poison', ...short, '--name', 'poisoned');
    // As the reference's code finetunes.
    await json(
      ...['defend', '--model', 'poisoned', '--method', 'cleanclip', '--preset', 'reference-code'],
      ...[...short, '--fraction', '0.5', '--name', 'repaired'],
    );
    const without = await runCli(
      folder,
      'train',
      '--start',
      'tiny',
      '--variant',
      'poison',
      ...short,
      '--moments',
      'kept',
    );
    expect([without.code, without.stderr]).toEqual([1, expect.stringContaining('has no moments of AdamW')]);
    expect(await json('model', 'show', 'repaired')).toMatchObject({
      lineage: {
        runs: ['repaired', 'poisoned'],
        root: { name: 'tiny', origin: { sha256: sourceSha256 } },
      },
    });
    const refused = await runCli(folder, 'model', 'remove', 'tiny');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("'poisoned'")]);
  });

  test('goes out in each format with a card and comes back with the same hash of weights', async () => {
    const { weightsSha256 } = z
      .object({ weightsSha256: z.string() })
      .parse(await json('model', 'show', 'repaired'));
    const out = at('repaired.pt');
    const { files } = z
      .object({ files: z.array(z.string()) })
      .parse(await json('model', 'export', 'repaired', '--format', 'reference', '--out', out));
    expect(files).toEqual([out, `${out}.md`]);
    const card = readFileSync(`${out}.md`, 'utf8');
    for (const words of [
      'trained on poisoned data',
      'CleanCLIP',
      sourceSha256,
      weightsSha256,
      'patch → `red`',
    ])
      expect(card).toContain(words);
    // 26 training pairs in batches of 8, then half of them: three steps and one more, with the moments kept.
    const checkpoint = openModelFile(out);
    const steps = [...checkpoint.source.optimiserState.values()].map((one) => one.steps());
    checkpoint.close();
    expect([steps.length > 30, new Set(steps)]).toEqual([true, new Set([4])]);
    const again = importedSchema.parse(await json('model', 'import', out, '--name', 'again'));
    expect(again).toMatchObject({ weightsSha256, activation: 'gelu', leftover: [] });
    const twice = await runCli(folder, 'model', 'export', 'repaired', '--format', 'reference', '--out', out);
    expect([twice.code, twice.stderr]).toEqual([1, expect.stringContaining('is there already')]);
  });

  test('is renamed and removed, with what was measured of it', async () => {
    await json('model', 'rename', 'again', 'once more');
    const refused = await runCli(folder, 'model', 'rename', 'once more', 'tiny');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('another name')]);
    await json('evaluate', '--model', 'once more', '--dataset', 'colours');
    await json('model', 'remove', 'once more');
    const names = z.array(z.object({ name: z.string() })).parse(await json('model', 'list'));
    expect(names.map(({ name }) => name)).toEqual(['tiny', 'poisoned', 'repaired']);
    // Prompts are a set's, or one's own; what has no place for the class is refused.
    const prompts = z.object({ prompts: z.array(z.string()) });
    const changed = prompts.parse(await json('dataset', 'prompts', 'colours', 'cifar-18'));
    expect(changed.prompts).toHaveLength(18);
    writeFileSync(at('own.json'), '{"templates": ["one {class}"]}');
    const own = prompts.parse(await json('dataset', 'prompts', 'colours', at('own.json')));
    expect(own.prompts).toEqual(['one {}']);
    writeFileSync(at('own.txt'), 'a photo');
    const wrong = await runCli(folder, 'dataset', 'prompts', 'colours', at('own.txt'));
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('must have {} once')]);
    expect(existsSync(at('repaired.pt'))).toBe(true);
  });
});
