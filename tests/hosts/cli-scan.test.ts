import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { decodePicture } from '#main/data/pictures/decode-picture.ts';
import { readSafetensors } from '#main/engine/checkpoints/safetensors.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder } from '../workbench/fixtures.ts';
import { runCli, runJson } from './run-cli.ts';

const scanSchema = z.object({
  runId: z.string().regex(/^scan_/),
  share: z.number().min(0).max(1).nullable(),
  verdict: z.enum(['backdoor', 'no backdoor found']),
  nearest: z.array(z.object({ class: z.string(), similarity: z.number().min(-1.0001).max(1.0001) })),
  cosine: z.number().nullable(),
  steps: z.number(),
  files: z.object({ mask: z.string(), trigger: z.string(), feature: z.string() }).nullable(),
});

let temporary: ReturnType<typeof makeFolder>;
let folder: string;
const scan = async (...args: string[]) =>
  scanSchema.parse(await runJson(folder, 'scan', '--model', 'clean', '--batch-size', '8', ...args));

beforeAll(async () => {
  temporary = makeFolder();
  folder = join(temporary.folder, 'workspace');
  const workspace = openWorkspace(folder);
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  workspace.close();
  const train = [
    'train',
    '--dataset',
    'colours',
    '--architecture',
    'demo',
    '--epochs',
    '2',
    '--batch-size',
    '8',
  ];
  await runJson(folder, ...train, '--warmup-steps', '1', '--name', 'clean', '--no-measure');
});
afterAll(() => temporary.remove());

test('finds a mask that makes pictures alike, tells the classes near to it, and leaves its files', async () => {
  // A mask that hides all makes any pictures alike, so that one is always found.
  const found = await scan('--steps', '40');
  expect(found.share).not.toBeNull();
  expect(found.cosine).toBeGreaterThan(0.99);
  expect(found.verdict).toBe(found.share! < 0.1 ? 'backdoor' : 'no backdoor found');
  expect(found.nearest.map((one) => one.class).sort()).toEqual(['blue', 'green', 'red']);
  const similarities = found.nearest.map(({ similarity }) => similarity);
  expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
  const mask = await decodePicture(found.files!.mask);
  expect([mask.width, mask.height]).toEqual([32, 32]);
  // The share is that of the mask: its picture says the same, to a byte's rounding.
  const mean = mask.data.reduce((sum, value) => sum + value / 255, 0) / mask.data.length;
  expect(mean).toBeCloseTo(found.share!, 2);
  const feature = readSafetensors(found.files!.feature).get('feature')!.data as Float32Array;
  expect(Math.hypot(...feature)).toBeCloseTo(1, 4);
  // The same seed gives the same scan.
  const again = await scan('--steps', '40');
  expect({ ...again, runId: '', files: null, seconds: 0 }).toEqual({
    ...found,
    runId: '',
    files: null,
    seconds: 0,
  });
}, 300_000);

test('one step is too few to find anything, which is no alarm', async () => {
  const found = await scan('--steps', '1');
  if (found.share === null) {
    expect(found).toMatchObject({ verdict: 'no backdoor found', nearest: [], files: null, steps: 1 });
  } else expect(found.cosine).toBeGreaterThan(0.99);
});

test('an unknown model is named', async () => {
  const { code, stderr } = await runCli(folder, 'scan', '--model', 'nowhere');
  expect(code).toBe(1);
  expect(stderr).toMatch(/no model 'nowhere'/);
});
