import { expect, test } from 'vitest';
import { createRandom } from '#core/random/random.ts';
import { fitTwoNormals } from '#core/statistics/two-normals.ts';

test('two groups far apart are told apart, whatever their order and share', () => {
  const random = createRandom('two normals');
  const isHigh = Array.from({ length: 400 }, () => random.chance(0.2));
  const values = isHigh.map((high) => (high ? 0.8 : 0.2) + 0.05 * random.normal());
  const found = fitTwoNormals(values);
  for (const [at, { low, high }] of found.entries()) {
    expect(low + high).toBeCloseTo(1, 9);
    expect(high > 0.9).toBe(isHigh[at]);
  }
});

test('the memberships are those of the densities that drew them', () => {
  const random = createRandom('two normals', 'overlap');
  const values = Array.from({ length: 5_000 }, () => (random.chance(0.5) ? 0 : 3) + random.normal());
  // Of N(0, 1) and N(3, 1) in equal shares, 1.5 belongs to both alike; 1 to the high one by 1 / (1 + e^1.5) = 0.182.
  const found = fitTwoNormals([...values, 1.5, 1]);
  expect(found.at(-2)!.high).toBeCloseTo(0.5, 1);
  expect(found.at(-1)!.high).toBeCloseTo(0.182, 1);
});

test('values that are all the same belong to the high part', () => {
  expect(fitTwoNormals([0.4, 0.4])).toEqual([
    { low: 0, high: 1 },
    { low: 0, high: 1 },
  ]);
});
