import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eraseRandomly } from '#core/augment/erase-randomly.ts';
import { createRandom } from '#core/random/random.ts';

test('what changes lies in one rectangle, and its sides are within the bounds of the paper', () => {
  const side = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(side, side, fc.integer(), (width, height, seed) => {
      const data = new Uint8Array(width * height * 3).fill(7);
      const before = data.slice();
      const erased = eraseRandomly({ width, height, data }, createRandom('erase', seed));
      expect(data).toEqual(before);
      expect([erased.width, erased.height, erased.data.length]).toEqual([width, height, data.length]);
      const changed = [...erased.data.keys()].filter((at) => erased.data[at] !== 7);
      if (changed.length === 0) return;
      const columns = changed.map((at) => Math.floor(at / 3) % width);
      const rows = changed.map((at) => Math.floor(at / 3 / width));
      const reach = (places: number[]) => Math.max(...places) - Math.min(...places) + 1;
      // The longest side: the root of 0.4 of the area at an aspect of 0.3 or 1 / 0.3, rounded.
      const longest = Math.round(Math.sqrt((0.4 / 0.3) * width * height));
      expect(reach(columns)).toBeLessThanOrEqual(Math.min(width, longest));
      expect(reach(rows)).toBeLessThanOrEqual(Math.min(height, longest));
      expect(reach(columns) * reach(rows)).toBeGreaterThanOrEqual(changed.length / 3);
    }),
  );
});

test('a rectangle is noise through and through, and about half of the pictures have one', () => {
  const random = createRandom('erase', 0);
  const picture = { width: 32, height: 32, data: new Uint8Array(32 * 32 * 3) };
  const erased = Array.from({ length: 2000 }, () => eraseRandomly(picture, random).data).filter((data) =>
    data.some((value) => value > 0),
  );
  // 0.5 +- 4.5 standard deviations of 2,000 throws; the seed is fixed.
  expect(erased.length / 2000).toBeGreaterThan(0.45);
  expect(erased.length / 2000).toBeLessThan(0.55);
  const values = erased.flatMap((data) => [...data].filter((value) => value > 0));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  // Uniform in 1 to 255.
  expect(Math.abs(mean - 128)).toBeLessThan(1);
  // The mean area: uniform in 0.02 to 0.4, little of it cut off.
  const area = values.length / (erased.length * 32 * 32 * 3);
  expect(area).toBeGreaterThan(0.19);
  expect(area).toBeLessThan(0.215);
});
