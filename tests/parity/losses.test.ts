import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '#main/engine/backend.ts';
import { lossesPart } from '#main/engine/parity/losses.ts';
import { listBackends } from '../engine/clip/on-backend.ts';
import { changeJson, changeTensor, referenceFolder } from './figures.ts';
import { findFailures, useFastestBackend } from './fixture-copy.ts';

test.each(await listBackends())('the losses equal the reference on backend %s', async (backend) => {
  await useBackend(backend);
  const checks = await lossesPart.check(referenceFolder);
  expect(checks.map(({ name }) => name)).toEqual(
    ['mmcl', 'cleanclip', 'cleanclip_lambda4', 'self_supervised_only'].flatMap((name) => [
      `losses/${name}`,
      `losses/${name}-gradients`,
    ]),
  );
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});

describe('a changed value fails its check', () => {
  beforeAll(useFastestBackend);

  interface Losses {
    cases: Record<string, { loss: number; logit_scale_grad: number }>;
  }

  test('a loss, by 2e-5 of it', async () => {
    const change = (folder: string) =>
      changeJson<Losses>(path.join(folder, 'losses.json'), ({ cases }) => {
        cases.cleanclip!.loss *= 1 + 2e-5;
      });
    expect(await findFailures(lossesPart, change)).toEqual(['losses/cleanclip']);
  });

  test('a gradient of logit_scale', async () => {
    const change = (folder: string) =>
      changeJson<Losses>(path.join(folder, 'losses.json'), ({ cases }) => {
        cases.mmcl!.logit_scale_grad *= 1 + 2e-4;
      });
    expect(await findFailures(lossesPart, change)).toEqual(['losses/mmcl-gradients']);
  });

  test('one value of a gradient', async () => {
    const change = (folder: string) =>
      changeTensor(path.join(folder, 'losses.safetensors'), 'cleanclip_lambda4.grad.augmented_text', 7, 0.01);
    expect(await findFailures(lossesPart, change)).toEqual(['losses/cleanclip_lambda4-gradients']);
  });

  test('one value of an embedding', async () => {
    const change = (folder: string) =>
      changeTensor(path.join(folder, 'losses.safetensors'), 'raw.image', 3, 0.5);
    expect(await findFailures(lossesPart, change)).toHaveLength(8);
  });
});
