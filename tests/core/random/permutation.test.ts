import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPermutation } from '#core/random/permutation.ts';
import { createRandom } from '#core/random/random.ts';

const orderOf = (size: number, seed: number) =>
  Array.from({ length: size }, (_, place) => place).map(
    createPermutation(size, createRandom('test', seed)).numberAt,
  );

test('every number has one place, whatever the size and the seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), (size, seed) => {
      const order = orderOf(size, seed);
      const ascending = Array.from({ length: size }, (_, i) => i);
      expect(order.map(createPermutation(size, createRandom('test', seed)).placeOf)).toEqual(ascending);
      expect(order.sort((a, b) => a - b)).toEqual(ascending);
    }),
  );
});

test('numbers of a large order stay below its size and differ', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2 ** 20, max: 2 ** 32 }), fc.nat(), (size, seed) => {
      const { numberAt, placeOf } = createPermutation(size, createRandom('test', seed));
      const numbers = Array.from({ length: 200 }, (_, place) => numberAt(place));
      expect(new Set(numbers).size).toBe(200);
      for (const number of numbers) {
        expect(Number.isInteger(number) && number >= 0 && number < size).toBe(true);
      }
      expect(numbers.map(placeOf)).toEqual(numbers.map((_, place) => place));
    }),
  );
});

test('the same seed gives the same order, another seed another', () => {
  expect(orderOf(500, 1)).toEqual(orderOf(500, 1));
  expect(orderOf(500, 1)).not.toEqual(orderOf(500, 2));
});

test('first places take numbers from all parts alike', () => {
  // 10,000 seeds, the first 5 of 100 numbers: each tenth is expected 5,000 times, with a standard deviation below 70.
  const counts = new Array<number>(10).fill(0);
  for (let seed = 0; seed < 10_000; seed += 1) {
    const { numberAt } = createPermutation(100, createRandom('test', seed));
    for (let place = 0; place < 5; place += 1) {
      const tenth = Math.floor(numberAt(place) / 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
  }
  for (const count of counts) expect(Math.abs(count - 5000)).toBeLessThan(350);
});
