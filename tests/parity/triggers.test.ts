import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodePicture, encodePng } from '#main/data/pictures/decode-picture.ts';
import { triggersPart } from '#main/engine/parity/triggers.ts';
import { changeJson, changeTensor, createFigureCopies, referenceFolder } from './figures.ts';
import { findFailures } from './fixture-copy.ts';

const kinds = ['yellow-four-corners', 'sig', 'warped', 'patch-noise', 'blended'];

test("the reference's five triggers", async () => {
  const checks = await triggersPart.check(referenceFolder);
  expect(checks.map(({ name }) => name).sort()).toEqual(
    [...kinds, 'warp-grid'].map((kind) => `triggers/${kind}`).sort(),
  );
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});

describe('what is changed beyond its tolerance fails', () => {
  const noise = (folder: string) => path.join(folder, 'triggers/noise.safetensors');

  test.each([
    ['blended.noise', 700, 0.2, 'blended'],
    ['patch.noise', 300, 0.2, 'patch-noise'],
    ['warp.grid', 40_000, 4, 'warped'],
    ['warp.control_k4', 9, 1e-3, 'warp-grid'],
    ['warp.grid_k4', 9, 1e-3, 'warp-grid'],
  ])('one value of %s', async (tensor, at, by, kind) => {
    const failures = await findFailures(triggersPart, (folder) =>
      changeTensor(noise(folder), tensor, at, by),
    );
    expect(failures).toEqual([`triggers/${kind}`]);
  });

  test.each(kinds)('one value of the last picture of %s, by three', async (kind) => {
    const copies = createFigureCopies();
    try {
      const folder = copies.copy('triggers');
      const file = path.join(folder, `triggers/${kind}-2.png`);
      const picture = await decodePicture(file);
      const at = 50_000;
      picture.data[at]! += picture.data[at]! < 128 ? 3 : -3;
      writeFileSync(file, await encodePng(picture));
      const failed = (await triggersPart.check(folder)).filter(({ ok }) => !ok);
      expect(failed.map(({ name }) => name)).toEqual([`triggers/${kind}`]);
    } finally {
      copies.remove();
    }
  });

  test('clamping where the reference wraps', async () => {
    const failures = await findFailures(triggersPart, (folder) =>
      changeJson<{ cases: { overflow?: string }[] }>(
        path.join(folder, 'triggers/expected.json'),
        ({ cases }) => {
          for (const one of cases) if (one.overflow !== undefined) one.overflow = 'clamp';
        },
      ),
    );
    expect(failures).toEqual(['triggers/patch-noise']);
  });
});

test('no cases are an error', async () => {
  await expect(
    findFailures(triggersPart, (folder) =>
      changeJson<{ cases: unknown[] }>(path.join(folder, 'triggers/expected.json'), (expected) => {
        expected.cases = [];
      }),
    ),
  ).rejects.toMatchObject({ kind: 'corrupt-file' });
});
