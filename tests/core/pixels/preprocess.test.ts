import { describe, expect, test } from 'vitest';
import { normaliseInto, preprocess } from '#core/pixels/preprocess.ts';
import { greyPicture, redRows } from './pictures.ts';

// Byte equality with Pillow on 16 files: tests/parity/preprocess.test.ts.

describe('the centre crop', () => {
  /** Pictures whose shorter side is the resolution already, so only the crop acts; values are column or row numbers. */
  const wide = (width: number) =>
    greyPicture([0, 1, 2, 3].map(() => Array.from({ length: width }, (_, x) => x)));
  const tall = (height: number) => greyPicture(Array.from({ length: height }, (_, y) => [y, y, y, y]));

  // (side - 4) / 2, halves to the even neighbour.
  test.each([
    [4, 0],
    [5, 0],
    [6, 1],
    [7, 2],
    [9, 2],
    [11, 4],
  ])('of a side of %i starts at %i', (side, start) => {
    expect(redRows(preprocess(wide(side), 4))[0]).toEqual([start, start + 1, start + 2, start + 3]);
    expect(redRows(preprocess(tall(side), 4)).map((row) => row[0])).toEqual([
      start,
      start + 1,
      start + 2,
      start + 3,
    ]);
  });

  test('is a square of the resolution, whatever comes in', () => {
    for (const [width, height] of [
      [1, 1],
      [1, 300],
      [300, 7],
      [33, 32],
    ] as const) {
      const picture = { width, height, data: new Uint8Array(width * height * 3) };
      const { data, ...size } = preprocess(picture, 16);
      expect(size).toEqual({ width: 16, height: 16 });
      expect(data.length).toBe(16 * 16 * 3);
    }
  });
});

test('normalising writes (byte / 255 - mean) / deviation by channel at the offset, and nothing else', () => {
  const picture = { width: 2, height: 1, data: Uint8Array.of(0, 0, 0, 255, 255, 51) };
  const out = new Float32Array(10).fill(9);
  normaliseInto(picture, out, 2);
  const expected = [
    -0.48145466 / 0.26862954,
    -0.4578275 / 0.26130258,
    -0.40821073 / 0.27577711,
    (1 - 0.48145466) / 0.26862954,
    (1 - 0.4578275) / 0.26130258,
    (0.2 - 0.40821073) / 0.27577711,
  ];
  expect([...out.subarray(0, 2), ...out.subarray(8)]).toEqual([9, 9, 9, 9]);
  for (const [at, value] of expected.entries()) expect(out[at + 2]).toBeCloseTo(value, 6);
});
