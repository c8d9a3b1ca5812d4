import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { detectorNames } from '#contract/detection.ts';
import { verifyVariant } from '#main/workbench/variants/verify-variant.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, silentContext } from '../workbench/fixtures.ts';
import { runCli, runJson } from './run-cli.ts';

const detectionSchema = z.object({
  runId: z.string().regex(/^det_/),
  auroc: z.number().min(0).max(1).nullable(),
  recallAt: z.record(z.string(), z.number().min(0).max(1)),
  top: z.array(z.object({ key: z.string(), score: z.number(), poisoned: z.boolean().nullable() })),
  cleaned: z
    .object({
      datasetId: z.string(),
      variantId: z.string().nullable(),
      removed: z.number(),
      poisonLeft: z.number(),
    })
    .optional(),
});

let temporary: ReturnType<typeof makeFolder>;
let folder: string;
const detect = async (...args: string[]) =>
  detectionSchema.parse(await runJson(folder, 'detect', '--model', 'poisoned', ...args));

beforeAll(async () => {
  temporary = makeFolder();
  folder = join(temporary.folder, 'workspace');
  const workspace = openWorkspace(folder);
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  workspace.close();
  const variant = ['variant', 'create', '--dataset', 'colours', '--patch-size', '3', '--resolution', '12'];
  await runJson(folder, ...variant, '--target', 'red', '--count', '4', '--name', 'poison');
  const train = [
    'train',
    '--variant',
    'poison',
    '--architecture',
    'demo',
    '--epochs',
    '2',
    '--batch-size',
    '8',
  ];
  await runJson(folder, ...train, '--warmup-steps', '1', '--name', 'poisoned', '--no-measure');
});
afterAll(() => temporary.remove());

describe('ccw detect', () => {
  test.each(detectorNames)('%s ranks the 26 training pairs of a variant', async (method) => {
    const { top, auroc, recallAt } = await detect('--variant', 'poison', '--method', method, '--top', '100');
    expect(top).toHaveLength(26);
    expect(new Set(top.map(({ key }) => key)).size).toBe(26);
    expect(top.filter(({ poisoned }) => poisoned)).toHaveLength(4);
    // The order, the area and the shares are the same facts.
    const wins = top.flatMap((a, place) =>
      a.poisoned
        ? top.flatMap((b, other) => (b.poisoned ? [] : [a.score === b.score ? 0.5 : place < other ? 1 : 0]))
        : [],
    );
    expect(auroc).toBeCloseTo(wins.reduce<number>((sum, win) => sum + win, 0) / (4 * 22), 9);
    expect(recallAt['0.2']).toBe(top.slice(0, 5).filter(({ poisoned }) => poisoned).length / 4);
  });

  test('a clean dataset has a ranking, but no AUROC', async () => {
    const { auroc, recallAt, top } = await detect('--dataset', 'colours', '--method', 'k-distance');
    expect(auroc).toBeNull();
    expect(recallAt).toEqual({});
    expect(top[0]?.poisoned).toBeNull();
  });

  test('makes a dataset without the most suspicious, and a variant with the poison that is left', async () => {
    const { top, cleaned } = await detect(
      ...[
        '--variant',
        'poison',
        '--method',
        'clipscore',
        '--top',
        '100',
        '--drop',
        '10',
        '--save-as',
        'colours-cleaned',
      ],
    );
    const found = top.slice(0, 10).filter(({ poisoned }) => poisoned).length;
    expect(cleaned).toMatchObject({ removed: 10, poisonLeft: 4 - found });
    const workspace = openWorkspace(folder);
    try {
      const description = z
        .object({ records: z.number() })
        .parse(await runJson(folder, 'dataset', 'show', 'colours-cleaned'));
      // 26 training and 9 test pictures were there.
      expect(description.records).toBe(25);
      if (cleaned?.variantId == null) return;
      const verified = await verifyVariant(workspace, cleaned.variantId, silentContext());
      expect(verified.mismatches).toEqual([]);
    } finally {
      workspace.close();
    }
  });

  test('the seed decides the batches', async () => {
    const args = ['--variant', 'poison', '--method', 'k-distance', '--neighbours', '2', '--batch-size', '6'];
    const [first, again, other] = [
      await detect(...args),
      await detect(...args),
      await detect(...args, '--seed', '1'),
    ].map(({ top }) => top);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});

describe('is refused with what to do', () => {
  test.each([
    [[], /--variant or with --dataset/],
    [['--variant', 'poison', '--dataset', 'colours'], /one of the two/],
    [['--variant', 'poison', '--drop', '3'], /belong together/],
  ])('%j', async (args, message) => {
    const { code, stderr } = await runCli(folder, 'detect', '--model', 'poisoned', ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('leaving out all pairs', async () => {
    const args = ['detect', '--model', 'poisoned', '--variant', 'poison', '--method', 'clipscore'];
    const { code, stderr } = await runCli(folder, ...args, '--drop', '26', '--save-as', 'nothing');
    expect(code).toBe(1);
    expect(stderr).toMatch(/26 pairs.*leave out fewer/);
  });
});
