import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#main/engine/backend.ts';
import { toTokenTensor } from '#main/engine/training/feeding/text-batch.ts';

beforeAll(async () => {
  await useBackend('cpu');
});

test('texts are filled up with 0 to one of few lengths, never past the context', () => {
  const tokens = toTokenTensor(
    [
      [7, 8],
      [1, 2, 3, 4, 5],
    ],
    8,
  );
  expect(tokens.shape).toEqual([2, 8]);
  expect([...tokens.dataSync()]).toEqual([7, 8, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0]);
  const lengthFor = (count: number) => toTokenTensor([Array.from({ length: count }, () => 1)], 77).shape[1];
  expect([1, 16, 17, 32, 33, 48, 49, 76].map(lengthFor)).toEqual([16, 16, 32, 32, 77, 77, 77, 77]);
  expect(toTokenTensor([Array.from({ length: 77 }, () => 1)], 77).shape).toEqual([1, 77]);
});
