import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resizeBicubic, resizeRegion } from '#core/pixels/resize.ts';
import { anyPicture } from './pictures.ts';

const anySide = fc.integer({ min: 1, max: 20 });

describe('bytes that Pillow 11.3 gives (Image.resize with BICUBIC, run by hand)', () => {
  const five = [0, 255, 0, 255, 0, 249, 10, 245, 70, 200, 55, 120, 90, 165, 118];
  const six = [...five, 30, 225, 210];
  test.each([
    { from: [5, 1], to: [3, 1], data: five, expected: [108, 147, 107, 115, 140, 127, 134, 121, 115] },
    {
      from: [3, 1],
      to: [7, 1],
      data: five.slice(0, 9),
      expected: [0, 255, 0, 26, 229, 25, 159, 96, 151, 255, 0, 249, 164, 91, 187, 35, 220, 89, 0, 255, 53],
    },
    { from: [1, 6], to: [1, 2], data: six, expected: [116, 139, 116, 97, 158, 141] },
    {
      from: [3, 2],
      to: [2, 4],
      data: six,
      expected: [
        93, 162, 92, 111, 144, 140, 112, 143, 99, 94, 161, 150, 151, 104, 111, 59, 196, 171, 170, 85, 118, 42,
        213, 181,
      ],
    },
  ])('$from to $to', ({ from, to, data, expected }) => {
    const picture = { width: from[0]!, height: from[1]!, data: Uint8Array.from(data) };
    expect([...resizeBicubic(picture, to[0]!, to[1]!).data]).toEqual(expected);
  });
});

test('a picture of one colour stays so at every size', () => {
  fc.assert(
    fc.property(
      anySide,
      anySide,
      anySide,
      anySide,
      fc.nat(255),
      (width, height, toWidth, toHeight, value) => {
        const picture = { width, height, data: new Uint8Array(width * height * 3).fill(value) };
        const resized = resizeBicubic(picture, toWidth, toHeight);
        expect(resized).toEqual({
          width: toWidth,
          height: toHeight,
          data: new Uint8Array(toWidth * toHeight * 3).fill(value),
        });
      },
    ),
  );
});

test('a size that is kept keeps every byte, in a copy', () => {
  fc.assert(
    fc.property(anyPicture(8), (picture) => {
      const same = resizeBicubic(picture, picture.width, picture.height);
      expect(same).toEqual(picture);
      expect(same.data.buffer).not.toBe(picture.data.buffer);
    }),
  );
});

test('mirroring before and after is the same', () => {
  const mirror = (picture: { width: number; height: number; data: Uint8Array }) => {
    const data = new Uint8Array(picture.data.length);
    for (let i = 0; i < data.length; i += 3) {
      const x = (i / 3) % picture.width;
      const to = i + 3 * (picture.width - 1 - 2 * x);
      data.set(picture.data.subarray(i, i + 3), to);
    }
    return { ...picture, data };
  };
  fc.assert(
    fc.property(anyPicture(9), fc.constantFrom(1, 2, 4, 8, 16), (picture, width) => {
      // Powers of two keep the centres exact, so rounding falls alike on both sides.
      const square = resizeBicubic(picture, 8, picture.height);
      expect(mirror(resizeBicubic(square, width, 4))).toEqual(resizeBicubic(mirror(square), width, 4));
    }),
  );
});

test('a region has the bytes of the same place in the whole', () => {
  fc.assert(
    fc.property(
      anyPicture(12),
      anySide,
      anySide,
      fc.nat(),
      fc.nat(),
      fc.nat(),
      fc.nat(),
      (picture, w, h, a, b, c, d) => {
        const left = a % w;
        const top = b % h;
        const region = { left, top, width: 1 + (c % (w - left)), height: 1 + (d % (h - top)) };
        const whole = resizeBicubic(picture, w, h);
        const expected = Array.from({ length: region.height }, (_, y) => {
          const start = ((top + y) * w + left) * 3;
          return [...whole.data.subarray(start, start + region.width * 3)];
        });
        expect([...resizeRegion(picture, w, h, region).data]).toEqual(expected.flat());
      },
    ),
  );
});

test('a side of nothing is refused', () => {
  const picture = { width: 1, height: 1, data: new Uint8Array(3) };
  expect(() => resizeBicubic(picture, 0, 2)).toThrow(expect.objectContaining({ kind: 'bad-input' }));
  expect(() => resizeBicubic(picture, 2, 1.5)).toThrow(/1 x 1 pixels cannot be brought to 2 x 1.5/);
});
