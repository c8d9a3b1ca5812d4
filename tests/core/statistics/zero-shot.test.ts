import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classEmbeddings, rankClasses, rankScores } from '#core/statistics/zero-shot.ts';

// Predictions of the reference on 400 images: tests/parity/zeroshot.test.ts.

test('prompts of a class are made of length 1, averaged, and made of length 1 again', () => {
  // Class 0: (3, 0) and (0, 7) average to (0.5, 0.5); class 1: (0, -2) twice.
  const rows = classEmbeddings(Float32Array.of(3, 0, 0, 7, 0, -2, 0, -2), 2, 2, 2);
  const expected = [Math.SQRT1_2, Math.SQRT1_2, 0, -1];
  for (const [at, value] of expected.entries()) expect(rows[at]).toBeCloseTo(value, 6);
});

test('the nearest class by angle comes first, whatever the length of an image', () => {
  const classes = Float32Array.of(1, 0, 0, 1, Math.SQRT1_2, Math.SQRT1_2);
  expect(rankClasses(Float32Array.of(5, 1, 0.01, 0.02), classes, 2, 2)).toEqual([
    [0, 2],
    [2, 1],
  ]);
});

test('of equals the lower number comes first', () => {
  expect(rankScores([1, 3, 3, 1, 3], 4)).toEqual([1, 2, 4, 0]);
});

test('ranking is the head of a stable sort', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -4, max: 4 })), fc.integer({ min: 0, max: 12 }), (scores, top) => {
      const sorted = scores.map((_, place) => place).sort((a, b) => scores[b]! - scores[a]! || a - b);
      expect(rankScores(scores, top)).toEqual(sorted.slice(0, top));
    }),
  );
});
