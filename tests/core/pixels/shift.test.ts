import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shiftPicture } from '#core/pixels/shift.ts';
import { anyPicture, greyPicture, redRows } from './pictures.ts';

const picture = greyPicture([
  [1, 2, 3],
  [4, 5, 6],
]);

test('content moves right and down, and the edge repeats', () => {
  expect(redRows(shiftPicture(picture, 1, 1))).toEqual([
    [1, 1, 2],
    [1, 1, 2],
  ]);
  expect(redRows(shiftPicture(picture, -2, 0))).toEqual([
    [3, 3, 3],
    [6, 6, 6],
  ]);
});

test('no shift changes nothing, and a far one leaves the corner only', () => {
  fc.assert(
    fc.property(anyPicture(6), (any) => {
      expect(shiftPicture(any, 0, 0)).toEqual(any);
      const far = shiftPicture(any, 100, 100);
      for (let i = 0; i < far.data.length; i++) expect(far.data[i]).toBe(any.data[i % 3]);
    }),
  );
});
