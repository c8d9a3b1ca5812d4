import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PatchTrigger } from '#contract/trigger.ts';
import { patchTriggerSchema } from '#contract/trigger.ts';
import { mapCells } from '#core/triggers/kinds/nearest-cells.ts';
import { applyTrigger } from '#core/triggers/trigger-registry.ts';
import {
  blankPainting,
  findCell,
  openPainting,
  paintStroke,
  withPainting,
} from '../../../../../renderer/screens/triggers/canvas/painting.ts';

const red = { colour: [255, 0, 0], size: 1, opacity: 1 };
/** Painted cells as rows of # and dots. */
const show = ({ width, rgba }: { width: number; rgba: Uint8Array }) =>
  Array.from({ length: rgba.length / 4 / width }, (_, y) =>
    Array.from({ length: width }, (_, x) => ((rgba[(y * width + x) * 4 + 3] ?? 0) > 0 ? '#' : '.')).join(''),
  );

test('a dab of a one-pixel brush is one cell, a stroke is a line without gaps', () => {
  const dab = blankPainting(4);
  paintStroke(dab, { x: 1.5, y: 2.5 }, { x: 1.5, y: 2.5 }, red);
  expect(show(dab)).toEqual(['....', '....', '.#..', '....']);
  const line = blankPainting(4);
  paintStroke(line, { x: 0.5, y: 0.5 }, { x: 3.5, y: 0.5 }, red);
  expect(show(line)).toEqual(['####', '....', '....', '....']);
});

test('a wide brush is round, and paint outside the painting falls away', () => {
  const round = blankPainting(5);
  paintStroke(round, { x: 2.5, y: 2.5 }, { x: 2.5, y: 2.5 }, { ...red, size: 4 });
  expect(show(round)).toEqual(['.....', '.###.', '.###.', '.###.', '.....']);
  const outside = blankPainting(2);
  paintStroke(outside, { x: -5, y: -5 }, { x: -3, y: -3 }, red);
  expect(show(outside)).toEqual(['..', '..']);
});

test('the brush sets colour and opacity; the eraser leaves nothing', () => {
  const layer = blankPainting(1);
  paintStroke(layer, { x: 0, y: 0 }, { x: 0, y: 0 }, { colour: [1, 2, 3], size: 1, opacity: 0.5 });
  expect([...layer.rgba]).toEqual([1, 2, 3, 128]);
  paintStroke(layer, { x: 0, y: 0 }, { x: 0, y: 0 }, { colour: [1, 2, 3], size: 1, opacity: 0 });
  expect(layer.rgba[3]).toBe(0);
});

test('beginning to paint on a patch changes no pixel of the picture', () => {
  const picture = { width: 16, height: 16, data: new Uint8Array(16 * 16 * 3).fill(90) };
  const patterns: PatchTrigger['pattern'][] = [
    ['101', '010'],
    { kind: 'noise', seed: 3 },
    {
      kind: 'checkerboard',
      cells: 3,
      colours: [
        [0, 0, 0],
        [9, 8, 7],
      ],
    },
    { kind: 'picture', width: 1, height: 2, rgba: 'AQIDBAUGBwg=' },
  ];
  for (const pattern of patterns) {
    const patch: PatchTrigger = { kind: 'patch', size: 7, pattern, place: { kind: 'centre' } };
    const painted = withPainting(patch, openPainting(patch));
    expect(patchTriggerSchema.parse(painted)).toEqual(painted);
    expect(applyTrigger(picture, painted).data).toEqual(applyTrigger(picture, patch).data);
  }
});

test('the cell under a point is the one that the trigger shows there, turned or not', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 20 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom(0, 30, 45, 90, -120, 180),
      (pixels, cells, rotation) => {
        const map = mapCells(pixels, cells, cells, rotation);
        for (let at = 0; at < map.length; at++) {
          const inside = { x: (at % pixels) + 0.5, y: Math.floor(at / pixels) + 0.5 };
          const { x, y } = findCell(inside, pixels, { width: cells, height: cells }, rotation);
          // On the line between two cells rounding decides; both are right there.
          if ([x, y].some((one) => Math.abs(one - Math.round(one)) < 1e-4)) continue;
          const isIn = x >= 0 && y >= 0 && x < cells && y < cells;
          expect(map[at]).toBe(isIn ? Math.floor(y) * cells + Math.floor(x) : -1);
        }
      },
    ),
  );
});
