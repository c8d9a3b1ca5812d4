import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '#main/engine/backend.ts';
import { methodsPart } from '#main/engine/parity/methods.ts';
import { listBackends } from '../engine/clip/on-backend.ts';
import { changeJson, changeTensor, referenceFolder } from './figures.ts';
import { findFailures, useFastestBackend, withCopy } from './fixture-copy.ts';

const cases = [
  'par_tau_2.15',
  'par_tau_0.5',
  'roclip_pool',
  'safeclip_unimodal',
  'unlearn_apart',
  'unlearn_reference_form',
  'decree_cosine',
];

test.each(await listBackends())('losses and gradients equal the reference on backend %s', async (backend) => {
  await useBackend(backend);
  const checks = await methodsPart.check(referenceFolder);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(checks.map(({ name }) => name)).toEqual([
    ...cases.flatMap((name) => [`methods/${name}`, `methods/${name}-gradients`]),
    'methods/distances',
  ]);
});

interface Figures {
  cases: Record<string, { loss: number; logit_scale_grad: number | null }>;
  distances: { pictures: number };
}

describe('a changed value fails its check', () => {
  beforeAll(useFastestBackend);

  const failuresOf = (change: (expected: Figures) => void) =>
    findFailures(methodsPart, (folder) => changeJson(path.join(folder, 'methods.json'), change));

  test.each(cases)('the loss of %s, by 2e-5 of it', async (name) => {
    const failures = await failuresOf((expected) => {
      expected.cases[name]!.loss *= 1 + 2e-5;
    });
    expect(failures).toEqual([`methods/${name}`]);
  });

  test('a gradient of logit_scale where the reference has none', async () => {
    const failures = await failuresOf((expected) => {
      expected.cases['par_tau_0.5']!.logit_scale_grad = 1e-3;
    });
    expect(failures).toEqual(['methods/par_tau_0.5-gradients']);
  });

  test('a distance', async () => {
    const failures = await failuresOf((expected) => {
      expected.distances.pictures *= 1 + 2e-5;
    });
    expect(failures).toEqual(['methods/distances']);
  });

  test.each([
    'par_tau_0.5.grad.old_text',
    'roclip_pool.grad.image',
    'safeclip_unimodal.grad.text2',
    'unlearn_apart.grad.text',
    'decree_cosine.grad.image',
  ])('one value of %s', async (tensor) => {
    const failures = await findFailures(methodsPart, (folder) =>
      changeTensor(path.join(folder, 'methods.safetensors'), tensor, 5, 0.01),
    );
    expect(failures).toEqual([`methods/${tensor.split('.grad.')[0]}-gradients`]);
  });
});

test('a case of an unknown name is refused', async () => {
  const change = (folder: string) =>
    changeJson<Figures>(path.join(folder, 'methods.json'), (expected) => {
      expected.cases.novel = { loss: 0, logit_scale_grad: null };
    });
  await expect(withCopy(methodsPart, change, methodsPart.check)).rejects.toMatchObject({
    kind: 'corrupt-file',
    message: expect.stringContaining('"novel"'),
  });
});
