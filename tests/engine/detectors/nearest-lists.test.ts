import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNearestLists } from '#main/engine/detectors/nearest-lists.ts';

test('what is kept are the nearest of all that were offered, in order', () => {
  const offers = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 50 })), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(offers, fc.integer({ min: 1, max: 9 }), (offered, some) => {
      const lists = createNearestLists(3, some);
      for (const [reference, [row, distance]] of offered.entries()) lists.offer(row, reference, distance);
      const wanted = [0, 1, 2].map((row) => {
        const own = offered.filter(([of]) => of === row).map(([, distance]) => distance);
        const sorted = own.sort((a, b) => a - b).slice(0, some);
        return [...sorted, ...Array(some - sorted.length).fill(Number.POSITIVE_INFINITY)];
      });
      for (const row of [0, 1, 2]) expect(lists.farthest(row)).toBe(wanted[row]!.at(-1));
      lists.sort();
      expect([...lists.distances]).toEqual(wanted.flat());
      for (const [at, distance] of lists.distances.entries()) {
        if (!Number.isFinite(distance)) continue;
        expect(offered[lists.references[at]!]).toEqual([Math.floor(at / some), distance]);
      }
    }),
  );
});
