import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#main/engine/backend.ts';
import { toTokenTensor } from '#main/engine/training/text-batch.ts';

beforeAll(async () => {
  await useBackend('cpu');
});

test('texts are filled up with 0 to the next length of the steps of four, never past the context', () => {
  const tokens = toTokenTensor(
    [
      [7, 8],
      [1, 2, 3, 4, 5],
    ],
    16,
  );
  expect(tokens.shape).toEqual([2, 8]);
  expect([...tokens.dataSync()]).toEqual([7, 8, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0]);
  expect(toTokenTensor([[1, 2, 3, 4]], 16).shape).toEqual([1, 4]);
  expect(toTokenTensor([Array.from({ length: 77 }, () => 1)], 77).shape).toEqual([1, 77]);
});
