import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankScores, scoreByHead, scoreClasses } from '#core/statistics/class-scores.ts';

// Predictions of the reference on 400 images: tests/parity/zeroshot.test.ts.

const classes = Float32Array.of(1, 0, 0, 1, Math.SQRT1_2, Math.SQRT1_2);

test('the nearest class by angle comes first, whatever the length of an image', () => {
  expect(scoreClasses(Float32Array.of(5, 1), classes, 1, 2).order).toEqual([0, 2]);
  expect(scoreClasses(Float32Array.of(0.01, 0.02), classes, 1, 2).order).toEqual([2, 1]);
});

test('probabilities are the softmax of the cosines times the logit scale', () => {
  // Cosines 0.6, 0.8 and 1.4 / sqrt(2) = 0.98995.
  const { probabilities, similarities } = scoreClasses(Float32Array.of(3, 4), classes, 10);
  const powers = [6, 8, 9.8995].map(Math.exp);
  const sum = powers.reduce((total, power) => total + power);
  for (const [at, power] of powers.entries()) expect(probabilities[at]).toBeCloseTo(power / sum, 5);
  expect([...(similarities ?? [])].map((one) => Number(one.toFixed(4)))).toEqual([0.6, 0.8, 0.9899]);
});

test('a head stands for some of the classes; the others have no share', () => {
  const { order, probabilities, similarities } = scoreByHead(Float32Array.of(0, Math.log(3)), [4, 1], 5, 1);
  expect(order).toEqual([1]);
  for (const [at, share] of [0, 0.75, 0, 0, 0.25].entries()) expect(probabilities[at]).toBeCloseTo(share, 6);
  expect(similarities).toBeNull();
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
