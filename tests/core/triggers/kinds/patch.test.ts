import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PatchTrigger } from '#contract/trigger.ts';
import { resizeBicubic } from '#core/pixels/resize.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { applyTrigger, renderTriggered } from '#core/triggers/trigger-registry.ts';
import { anyPicture, greyPicture, redRows } from '../../pixels/pictures.ts';

const grey = (width: number, height: number) =>
  greyPicture(Array.from({ length: height }, () => new Array<number>(width).fill(128)));

/** shared/demo/recipe.json, poison: 1 is white; rows and columns 25 to 30 of 32. */
const recipePattern = ['101011', '110101', '010000', '100011', '001100', '100110'];

test("the demo's patch lies at rows and columns 25 to 30 of 32, and nothing else changes", () => {
  const rows = redRows(applyTrigger(grey(32, 32), defaultPatch(6, 32)));
  for (let y = 0; y < 32; y++) {
    for (let x = 0; x < 32; x++) {
      const cell = recipePattern[y - 25]?.[x - 25];
      expect(rows[y]![x]).toBe(cell === undefined ? 128 : cell === '1' ? 255 : 0);
    }
  }
});

test('at another size and resolution the pattern is scaled and the margin is a thirty-second', () => {
  const rows = redRows(applyTrigger(grey(64, 64), defaultPatch(12, 64)));
  // Margin 2, so the patch starts at 64 - 2 - 12 = 50; every cell is two pixels wide.
  for (let y = 0; y < 12; y++) {
    for (let x = 0; x < 12; x++) {
      expect(rows[50 + y]![50 + x]).toBe(recipePattern[y >> 1]![x >> 1] === '1' ? 255 : 0);
    }
  }
  expect(rows[62]![62]).toBe(128);
});

describe('places', () => {
  const trigger = (place: PatchTrigger['place']): PatchTrigger => ({
    kind: 'patch',
    size: 1,
    pattern: ['1'],
    place,
  });
  const whitePlaces = (place: PatchTrigger['place']) =>
    redRows(applyTrigger(grey(5, 4), trigger(place))).flatMap((row, y) =>
      row.flatMap((value, x) => (value === 255 ? [[x, y]] : [])),
    );

  test('each corner with a margin, and a given pixel', () => {
    expect(whitePlaces({ kind: 'corner', corner: 'top-left', margin: 1 })).toEqual([[1, 1]]);
    expect(whitePlaces({ kind: 'corner', corner: 'top-right', margin: 1 })).toEqual([[3, 1]]);
    expect(whitePlaces({ kind: 'corner', corner: 'bottom-left', margin: 0 })).toEqual([[0, 3]]);
    expect(whitePlaces({ kind: 'corner', corner: 'bottom-right', margin: 0 })).toEqual([[4, 3]]);
    expect(whitePlaces({ kind: 'at', x: 2, y: 0 })).toEqual([[2, 0]]);
  });

  test('what does not fit is refused with all sizes', () => {
    expect(() => applyTrigger(grey(5, 4), trigger({ kind: 'at', x: 5, y: 0 }))).toThrow(
      /1 x 1 pixels at column 5, row 0 does not fit in a picture of 5 x 4/,
    );
    expect(() => defaultPatch(31, 32)).not.toThrow();
    expect(() => defaultPatch(32, 32)).toThrow(expect.objectContaining({ kind: 'bad-input' }));
    expect(() => defaultPatch(32, 32)).toThrow(
      /32 x 32 pixels with a margin of 1 does not fit in a picture of 32 x 32/,
    );
  });
});

describe('rendering', () => {
  test('brings the picture to a square first, without keeping its aspect ratio', () => {
    fc.assert(
      fc.property(anyPicture(12), (picture) => {
        const attack = { trigger: defaultPatch(3, 8), resolution: 8, seed: 1 };
        const rendered = renderTriggered(picture, attack, 'a.png');
        expect(rendered).toEqual(applyTrigger(resizeBicubic(picture, 8, 8), attack.trigger));
      }),
    );
  });

  test('leaves the picture itself as it was', () => {
    const picture = grey(32, 32);
    renderTriggered(picture, { trigger: defaultPatch(6, 32), resolution: 32, seed: 1 }, 'a.png');
    expect(picture).toEqual(grey(32, 32));
  });
});
