import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyOperation, operationNames } from '#core/augment/operations.ts';
import { augmentByPolicy } from '#core/augment/policy.ts';
import { createRandom } from '#core/random/random.ts';
import { anyPicture, greyPicture, redRows } from '../pixels/pictures.ts';

test('geometry moves what the names say, and black comes in', () => {
  const picture = greyPicture([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]);
  const rows = (name: 'TranslateX' | 'TranslateY' | 'Rotate' | 'ShearX', magnitude: number) =>
    redRows(applyOperation(picture, name, magnitude));
  expect(rows('TranslateX', 1.9)).toEqual([
    [0, 1, 2],
    [0, 4, 5],
    [0, 7, 8],
  ]);
  expect(rows('TranslateY', -1)).toEqual([
    [4, 5, 6],
    [7, 8, 9],
    [0, 0, 0],
  ]);
  // Counter-clockwise as seen: the right column becomes the top row.
  expect(rows('Rotate', 90)).toEqual([
    [3, 6, 9],
    [2, 5, 8],
    [1, 4, 7],
  ]);
  // Row y takes from x + y + 1/2.
  expect(rows('ShearX', 1)).toEqual([
    [2, 3, 0],
    [6, 0, 0],
    [0, 0, 0],
  ]);
});

test('tables by hand: posterising to 4 bits, solarising from 128, inverting, stretching', () => {
  const picture = greyPicture([[50, 100, 200, 255]]);
  const row = (name: 'Posterize' | 'Solarize' | 'Invert' | 'AutoContrast', magnitude: number) =>
    redRows(applyOperation(picture, name, magnitude))[0];
  expect(row('Posterize', 4)).toEqual([48, 96, 192, 240]);
  expect(row('Solarize', 128)).toEqual([50, 100, 55, 0]);
  expect(row('Invert', 0)).toEqual([205, 155, 55, 0]);
  // 50 to 255 onto 0 to 255: (100 - 50) x 255 / 205 = 62.2, (200 - 50) x 255 / 205 = 186.6.
  expect(row('AutoContrast', 0)).toEqual([0, 62, 186, 255]);
});

test('magnitude 0 of every operation with a direction leaves the picture as it is', () => {
  const neutral = operationNames.slice(0, 9);
  fc.assert(
    fc.property(anyPicture(9), fc.constantFrom(...neutral), (picture, name) => {
      expect(applyOperation(picture, name, 0)).toEqual(picture);
    }),
  );
});

test('the policy keeps the size, leaves the picture alone and follows its random numbers', () => {
  fc.assert(
    fc.property(anyPicture(9), fc.nat(), (picture, seed) => {
      const before = picture.data.slice();
      const view = augmentByPolicy(picture, createRandom('view', seed));
      expect([view.width, view.height, view.data.length]).toEqual([
        picture.width,
        picture.height,
        picture.data.length,
      ]);
      expect(augmentByPolicy(picture, createRandom('view', seed))).toEqual(view);
      expect(picture.data).toEqual(before);
    }),
  );
});
