import { expect, test } from 'vitest';
import { splitJoinedMoments } from '#main/engine/training/optimisers/joined-moments.ts';

test('a vector of older checkpoints is cut in their order: what decays first, each by name', () => {
  const shapes = { 'b.weight': [2, 2], 'a.bias': [1], logit_scale: [], 'a.weight': [1] };
  const parts = splitJoinedMoments(Float32Array.of(1, 2, 3, 4, 5, 6, 7), shapes);
  expect(Object.fromEntries([...parts].map(([name, { data }]) => [name, [...data]]))).toEqual({
    'a.weight': [1],
    'b.weight': [2, 3, 4, 5],
    'a.bias': [6],
    logit_scale: [7],
  });
  expect(() => splitJoinedMoments(new Float32Array(8), shapes)).toThrow(/holds 8 values where .* have 7/);
});
