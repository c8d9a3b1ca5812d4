import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseTestItems } from '#core/split-by-class.ts';

const items = (label: string, count: number) =>
  Array.from({ length: count }, (_, number) => ({ key: `${label}/${number}`, label }));

test('each class gives its share, at least one, and keeps one for training', () => {
  const all = [...items('red', 10), ...items('green', 3), ...items('blue', 1), ...items('grey', 2)];
  const chosen = [...chooseTestItems(all, 0.2, 1)];
  const count = (label: string) => chosen.filter((key) => key.startsWith(label)).length;
  // 0.2 of 10; of 3 it is 0.6, rounded; of one nothing can be spared; of 2 at least one.
  expect([count('red'), count('green'), count('blue'), count('grey')]).toEqual([2, 1, 0, 1]);
  expect(chooseTestItems(all, 0, 1).size).toBe(0);
  expect(chooseTestItems(items('a', 4), 0.9, 1).size).toBe(3);
});

test('it hangs on the seed and not on the order, and another class changes nothing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 2, max: 30 }), (seed, count) => {
      const red = items('red', count);
      const chosen = chooseTestItems(red, 0.3, seed);
      expect(chooseTestItems(red.toReversed(), 0.3, seed)).toEqual(chosen);
      const both = chooseTestItems([...items('blue', 5), ...red], 0.3, seed);
      expect(new Set([...both].filter((key) => key.startsWith('red')))).toEqual(chosen);
    }),
  );
  const many = items('red', 100);
  expect(chooseTestItems(many, 0.5, 1)).not.toEqual(chooseTestItems(many, 0.5, 2));
});
