import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '#main/engine/backend.ts';
import type { ParityPart } from '#main/engine/parity/part.ts';
import { listBackends } from '../engine/clip/on-backend.ts';
import { changeJson, changeTensor, referenceFolder } from './figures.ts';
import { findFailures, useFastestBackend } from './fixture-copy.ts';

/** That a tower's figures hold on every backend. */
export async function testTowerPart(part: ParityPart): Promise<void> {
  const { name } = part;
  // The pure JavaScript backend takes minutes; its ops are compared one by one elsewhere.
  const backends = (await listBackends()).filter((backend) => backend !== 'cpu');

  test.each(backends)(
    'embeddings, gradients and three steps equal the reference on backend %s',
    async (backend) => {
      await useBackend(backend);
      const checks = await part.check(referenceFolder);
      expect(checks.map((check) => check.name)).toEqual(
        [
          'eval-embeddings',
          'train-embeddings',
          'gradients',
          'losses',
          'after-3-steps',
          'after-3-steps-largest',
        ].map((check) => `${name}/${check}`),
      );
      expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    },
  );
}

/**
 * That each check of a tower sees a changed value: one tower is enough, the checks are the same code for all.
 * `smallTensor` is a parameter of fewer than 100 values, `largeTensor` one of more.
 */
export function testChangedValues(
  part: ParityPart,
  { smallTensor, largeTensor }: { smallTensor: string; largeTensor: string },
): void {
  const { name } = part;

  describe('a changed value fails its check', () => {
    beforeAll(useFastestBackend);

    const io = (tensor: string, amount: number) => (folder: string) =>
      changeTensor(path.join(folder, name, 'io.safetensors'), tensor, 0, amount);
    const after = (tensor: string, amount: number) => (folder: string) =>
      changeTensor(path.join(folder, name, 'after-3-steps.safetensors'), tensor, 0, amount);

    test.each([
      ['an image embedding', io('eval.image_embeds', 3e-4), ['eval-embeddings']],
      ['a text embedding in training', io('train.text_embeds', 3e-4), ['train-embeddings']],
      ['one gradient, far off', io(`grad.${largeTensor}`, 1), ['gradients']],
      ['one gradient of a small tensor', io(`grad.${smallTensor}`, 1), ['gradients']],
      ['a gradient of logit_scale', io('grad.logit_scale', 1), ['gradients']],
      ['a value of a small tensor after three steps', after(smallTensor, 5e-4), ['after-3-steps']],
      ['a value of a large tensor after three steps', after(largeTensor, 0.02), ['after-3-steps-largest']],
    ])('%s', async (_, change, failures) => {
      expect(await findFailures(part, change)).toEqual(failures.map((check) => `${name}/${check}`));
    });

    test('a loss', async () => {
      const change = (folder: string) =>
        changeJson<{ losses: number[] }>(path.join(folder, name, 'expected.json'), ({ losses }) => {
          losses[2]! *= 1.003;
        });
      expect(await findFailures(part, change)).toEqual([`${name}/losses`]);
    });

    test('a weight at the start', async () => {
      const change = (folder: string) =>
        changeTensor(path.join(folder, name, 'model.safetensors'), 'text_projection', 0, 0.5);
      const failures = await findFailures(part, change);
      expect(failures).toEqual(expect.arrayContaining([`${name}/eval-embeddings`, `${name}/gradients`]));
    });
  });
}
