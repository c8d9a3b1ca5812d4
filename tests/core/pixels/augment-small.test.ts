import { describe, expect, test } from 'vitest';
import { augmentSmall, shiftRandomly } from '#core/pixels/augment-small.ts';
import { shiftPicture } from '#core/pixels/shift.ts';
import { createRandom } from '#core/random/random.ts';
import { greyPicture } from './pictures.ts';

/** Every pixel of a picture different, in colour. */
const colourful = {
  width: 32,
  height: 32,
  data: Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => (i * 37 + (i % 3) * 91) % 256),
};

describe('views for the self-supervised term', () => {
  test('the same seed gives the same view, and the picture is left as it was', () => {
    const before = colourful.data.slice();
    expect(augmentSmall(colourful, createRandom('view', 1))).toEqual(
      augmentSmall(colourful, createRandom('view', 1)),
    );
    expect(augmentSmall(colourful, createRandom('view', 1))).not.toEqual(
      augmentSmall(colourful, createRandom('view', 2)),
    );
    expect(colourful.data).toEqual(before);
  });

  test('a picture of one grey only becomes brighter or darker, by up to 40', () => {
    const grey = greyPicture(Array.from({ length: 8 }, () => new Array<number>(8).fill(100)));
    const levels = Array.from({ length: 300 }, (_, seed) => {
      const { data } = augmentSmall(grey, createRandom('grey', seed));
      expect(new Set(data).size).toBe(1);
      return data[0]!;
    });
    expect(Math.min(...levels)).toBeGreaterThanOrEqual(60);
    expect(Math.min(...levels)).toBeLessThan(64);
    expect(Math.max(...levels)).toBeLessThanOrEqual(140);
    expect(Math.max(...levels)).toBeGreaterThan(136);
  });

  test('about one in five is grey', () => {
    let grey = 0;
    for (let seed = 0; seed < 1000; seed++) {
      const { data } = augmentSmall(colourful, createRandom('share', seed));
      let isGrey = true;
      for (let i = 0; i < data.length; i += 3) isGrey &&= data[i] === data[i + 1] && data[i] === data[i + 2];
      grey += Number(isGrey);
    }
    // Standard deviation: sqrt(1000 x 0.2 x 0.8) = 12.6; five of them.
    expect(Math.abs(grey - 200)).toBeLessThan(64);
  });

  test('contrast keeps the mean: a black and white board keeps its two values half to one and a half apart', () => {
    const halves = greyPicture(
      Array.from({ length: 16 }, () => [...new Array(8).fill(90), ...new Array(8).fill(150)]),
    );
    for (let seed = 0; seed < 100; seed++) {
      const { data } = augmentSmall(halves, createRandom('contrast', seed));
      const spread = Math.max(...data) - Math.min(...data);
      // 60 apart at the start; rounding adds at most 1.
      expect(spread).toBeGreaterThanOrEqual(29);
      expect(spread).toBeLessThanOrEqual(91);
    }
  });
});

describe('shifts of training pictures', () => {
  test('are by up to 3 of 32 pixels each way, and all of them occur', () => {
    const possible = new Map<string, string>();
    for (let dx = -3; dx <= 3; dx++) {
      for (let dy = -3; dy <= 3; dy++)
        possible.set(String(shiftPicture(colourful, dx, dy).data), `${dx},${dy}`);
    }
    const random = createRandom('shifts');
    const found = new Set<string | undefined>();
    for (let i = 0; i < 600; i++) found.add(possible.get(String(shiftRandomly(colourful, random).data)));
    expect(found.has(undefined)).toBe(false);
    expect(found.size).toBe(49);
  });
});
