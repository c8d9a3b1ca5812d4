import { expect, test } from 'vitest';
import { chanceOf, isNearChance, summariseCounts } from '#core/statistics/near-chance.ts';
import { wilson } from '#core/statistics/wilson.ts';

test('chance is guessing, or always the largest class', () => {
  const chance = (counts: number[]) => chanceOf(summariseCounts(counts));
  expect(chance([5, 5, 5, 5])).toBe(0.25);
  // The demo: 45 classes, 227 of 1,200 test pictures are flags (18.9 %).
  const others = Array.from({ length: 44 }, (_, place) => (place < 5 ? 23 : 22));
  expect(chance([227, ...others])).toBeCloseTo(0.189, 3);
  expect(chance([])).toBe(1);
});

test('an accuracy is near chance where its interval reaches down to it', () => {
  // Of 100 pictures, 31 hits have the interval 22.8 to 40.6 %, 45 hits 35.6 to 54.8 %.
  expect(isNearChance(wilson(31, 100), 0.25)).toBe(true);
  expect(isNearChance(wilson(45, 100), 0.25)).toBe(false);
});
