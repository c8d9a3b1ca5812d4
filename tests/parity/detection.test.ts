import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '#main/engine/backend.ts';
import { detectionPart } from '#main/engine/parity/detection.ts';
import { listBackends } from '../engine/clip/on-backend.ts';
import { changeJson, changeTensor, referenceFolder } from './figures.ts';
import { findFailures, useFastestBackend, withCopy } from './fixture-copy.ts';

const names = ['kdist16', 'slof16', 'dao16', 'lid64', 'clipscore', 'dao16_pictures_only'];

test.each(await listBackends())(
  'scores and AUROC equal the published code on backend %s',
  async (backend) => {
    await useBackend(backend);
    const checks = await detectionPart.check(referenceFolder);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual(
      names.flatMap((name) => [`detection/${name}`, `detection/${name}-auroc`]),
    );
  },
);

describe('a changed value fails its check', () => {
  beforeAll(useFastestBackend);

  test.each(names)('one score of %s', async (name) => {
    const change = (folder: string) =>
      changeTensor(path.join(folder, 'detection.safetensors'), `score.${name}`, 12, 0.05);
    expect(await findFailures(detectionPart, change)).toEqual([`detection/${name}`]);
  });

  test.each(names)('the AUROC of %s', async (name) => {
    const change = (folder: string) =>
      changeJson<{ auroc: Record<string, number> }>(path.join(folder, 'detection.json'), ({ auroc }) => {
        auroc[name]! -= 2e-6;
      });
    expect(await findFailures(detectionPart, change)).toEqual([`detection/${name}-auroc`]);
  });

  test('a pair that is called poisoned', async () => {
    const change = (folder: string) =>
      changeJson<{ poisoned: number[] }>(path.join(folder, 'detection.json'), ({ poisoned }) => {
        poisoned[0] = 0;
      });
    expect(await findFailures(detectionPart, change)).toEqual(names.map((name) => `detection/${name}-auroc`));
  });
});

test('scores of an unknown name are refused', async () => {
  const change = (folder: string) =>
    changeJson<{ auroc: Record<string, number> }>(path.join(folder, 'detection.json'), ({ auroc }) => {
      auroc.oracle = 1;
    });
  await expect(withCopy(detectionPart, change, detectionPart.check)).rejects.toMatchObject({
    kind: 'corrupt-file',
    message: expect.stringContaining('"oracle"'),
  });
});
