import { expect, test } from 'vitest';
import { classEmbeddings } from '#core/statistics/zero-shot.ts';

// Predictions of the reference on 400 images: tests/parity/zeroshot.test.ts.

test('prompts of a class are made of length 1, averaged, and made of length 1 again', () => {
  // Class 0: (3, 0) and (0, 7) average to (0.5, 0.5); class 1: (0, -2) twice.
  const rows = classEmbeddings(Float32Array.of(3, 0, 0, 7, 0, -2, 0, -2), 2, 2, 2);
  const expected = [Math.SQRT1_2, Math.SQRT1_2, 0, -1];
  for (const [at, value] of expected.entries()) expect(rows[at]).toBeCloseTo(value, 6);
});
