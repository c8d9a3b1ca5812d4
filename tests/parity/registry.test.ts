import { truncateSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { lossesPart } from '#main/engine/parity/losses.ts';
import { checkFixtures, parityParts } from '#main/engine/parity/registry.ts';
import { referenceFolder } from './figures.ts';
import { useFastestBackend, withCopy } from './fixture-copy.ts';

beforeAll(useFastestBackend);

test('the reference figures hold, and what no part covers is named', async () => {
  const report = await checkFixtures(referenceFolder);
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(report.ok).toBe(true);
  for (const { name } of parityParts) {
    expect(
      report.checks.some((check) => check.name.startsWith(`${name}/`) || check.name === name),
      name,
    ).toBe(true);
  }
  const named = [...parityParts.map(({ name }) => name), ...report.notCovered].sort();
  expect(named).toEqual([
    'augment',
    'checkpoints',
    'clip-rn',
    'clip-vit',
    'detection',
    'losses',
    'methods',
    'models',
    'preprocess',
    'retrieval',
    'schedule',
    'tokenizer',
    'triggers',
    'zeroshot',
  ]);
});

test('a folder with some parts is checked for those', async () => {
  const report = await withCopy(lossesPart, () => {}, checkFixtures);
  expect(report.ok).toBe(true);
  expect(report.checks).toHaveLength(8);
  expect(report.notCovered).toEqual([]);
});

test('a folder with nothing to check is a failure', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ccw-parity-'));
  await mkdir(path.join(folder, 'retrieval'));
  await writeFile(path.join(folder, 'README.md'), 'nothing');
  expect(await checkFixtures(folder)).toEqual({ checks: [], notCovered: ['retrieval'], ok: false });
  await rm(folder, { recursive: true });
});

test('a folder that is not there is refused', async () => {
  await expect(checkFixtures(path.join(referenceFolder, 'nowhere'))).rejects.toThrow(/no folder .*nowhere/);
});

test('a damaged file fails its part with a message, and the other parts are still checked', async () => {
  const report = await withCopy(
    lossesPart,
    (folder) => truncateSync(path.join(folder, 'losses.safetensors'), 5000),
    checkFixtures,
  );
  expect(report.ok).toBe(false);
  expect(report.checks).toHaveLength(1);
  expect(report.checks[0]).toMatchObject({ name: 'losses', ok: false });
  expect(report.checks[0]!.message).toMatch(/losses\.safetensors/);
});
