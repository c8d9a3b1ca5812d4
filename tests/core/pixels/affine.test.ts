import fc from 'fast-check';
import { expect, test } from 'vitest';
import { moveAffinely } from '#core/pixels/affine.ts';
import { shiftPicture } from '#core/pixels/shift.ts';
import { anyPicture, greyPicture } from './pictures.ts';

const still = { angle: 0, scale: 1, mirrored: false, shiftX: 0, shiftY: 0 };
const picture = greyPicture([
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
]);
const red = (values: Float32Array) =>
  [...values].filter((_, i) => i % 3 === 0).map((value) => Math.round(value * 1e4) / 1e4);

test('no move changes nothing', () => {
  fc.assert(
    fc.property(anyPicture(6), (any) => {
      expect([...moveAffinely(any, still)]).toEqual([...any.data]);
    }),
  );
});

test('a quarter turn is clockwise', () => {
  expect(red(moveAffinely(picture, { ...still, angle: Math.PI / 2 }))).toEqual([7, 4, 1, 8, 5, 2, 9, 6, 3]);
});

test('mirroring swaps left and right, before the turn', () => {
  expect(red(moveAffinely(picture, { ...still, mirrored: true }))).toEqual([3, 2, 1, 6, 5, 4, 9, 8, 7]);
  expect(red(moveAffinely(picture, { ...still, mirrored: true, angle: Math.PI / 2 }))).toEqual([
    9, 6, 3, 8, 5, 2, 7, 4, 1,
  ]);
});

test('twice the size shows the middle, with values half way between', () => {
  // Corners come from half a pixel inside: the mean of 1, 2, 4 and 5, and so on.
  expect(red(moveAffinely(picture, { ...still, scale: 2 }))).toEqual([3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7]);
});

test('half the size repeats the edges around it', () => {
  expect(red(moveAffinely(picture, { ...still, scale: 0.5 }))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const line = greyPicture([[10, 20, 30, 40, 50]]);
  // Columns come from 2 + 2 x (column - 2): -2, 0, 2, 4, 6.
  expect(red(moveAffinely(line, { ...still, scale: 0.5 }))).toEqual([10, 10, 30, 50, 50]);
});

test('a shift by whole pixels is the plain shift, and by half ones lies between', () => {
  fc.assert(
    fc.property(
      anyPicture(6),
      fc.integer({ min: -7, max: 7 }),
      fc.integer({ min: -7, max: 7 }),
      (any, dx, dy) => {
        const moved = moveAffinely(any, { ...still, shiftX: dx, shiftY: dy });
        expect([...moved]).toEqual([...shiftPicture(any, dx, dy).data]);
      },
    ),
  );
  expect(red(moveAffinely(greyPicture([[10, 20, 40]]), { ...still, shiftX: 0.5 }))).toEqual([10, 15, 30]);
});
