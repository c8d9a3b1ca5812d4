import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { augmentPart } from '#main/engine/parity/augment.ts';
import { changeJson, referenceFolder } from './figures.ts';
import { findFailures } from './fixture-copy.ts';

interface Expected {
  cases: { op: string; magnitude: number }[];
  imagenet_policy: [string, number, number | null][][];
  magnitudes: Record<string, [number[] | number, boolean]>;
}

test("torchvision's 14 operations, the policy and the magnitudes", async () => {
  const checks = await augmentPart.check(referenceFolder);
  expect(checks).toHaveLength(16);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  // The README allows more; our arithmetic is Pillow's.
  expect(checks.slice(0, 14).map(({ error }) => error)).toEqual(Array(14).fill(0));
});

const failuresOf = (change: (expected: Expected) => void) =>
  findFailures(augmentPart, (folder) => changeJson(path.join(folder, 'augment/expected.json'), change));

describe('what is changed beyond its tolerance fails', () => {
  test.each(['ShearX', 'TranslateY', 'Rotate', 'Brightness', 'Color', 'Contrast', 'Sharpness'])(
    'the magnitude of %s',
    async (name) => {
      const failures = await failuresOf(({ cases }) => {
        for (const one of cases) if (one.op === name) one.magnitude *= -1.5;
      });
      expect(failures).toEqual([`augment/${name.toLowerCase()}`]);
    },
  );

  test('one step of the policy', async () => {
    const failures = await failuresOf(({ imagenet_policy }) => {
      imagenet_policy[12]![1]![1] = 0.7;
    });
    expect(failures).toEqual(['augment/imagenet_policy']);
  });

  test('one magnitude, and one sign', async () => {
    const changed = await failuresOf(({ magnitudes }) => {
      (magnitudes.Rotate![0] as number[])[3]! += 0.01;
    });
    expect(changed).toEqual(['augment/magnitudes']);
    const unsigned = await failuresOf(({ magnitudes }) => {
      magnitudes.Color![1] = false;
    });
    expect(unsigned).toEqual(['augment/magnitudes']);
  });
});
