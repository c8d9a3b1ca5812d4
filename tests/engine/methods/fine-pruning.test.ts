import { expect, test } from 'vitest';
import { keepWarmest } from '#main/engine/methods/fine-pruning.ts';

test('the coldest units go, of equals the first', () => {
  expect([...keepWarmest(Float32Array.of(0.5, 0, 2, 0, 1), 0.4)]).toEqual([1, 0, 1, 0, 1]);
  expect([...keepWarmest(Float32Array.of(1, 1, 1, 1), 0.5)]).toEqual([0, 0, 1, 1]);
  // Half of three units is one, rounded down.
  expect([...keepWarmest(Float32Array.of(3, 1, 2), 0.5)]).toEqual([1, 0, 1]);
});
