import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PatchTrigger, SimpleTrigger } from '#contract/trigger.ts';
import {
  areaOf,
  frameOf,
  movePart,
  placePart,
  pullPart,
  resizePart,
  turnOf,
  turnPart,
} from '../../../../../renderer/screens/triggers/canvas/areas.ts';
import type { Design } from '../../../../../renderer/screens/triggers/design.ts';

const patchAt = (x: number, y: number, size: number): PatchTrigger => ({
  kind: 'patch',
  size,
  pattern: { kind: 'solid', colour: [255, 0, 0] },
  place: { kind: 'at', x, y },
});
const sides = { width: 64, height: 64 };
const designOf = (trigger: Design['trigger'], resolution = 64): Design => ({ trigger, resolution, seed: 1 });

test('moving goes by the distance dragged and stops at the edges', () => {
  const frame = frameOf(designOf(patchAt(10, 20, 8)), sides);
  const move = (x: number, y: number) => movePart(patchAt(10, 20, 8), frame, { left: 10, top: 20 }, { x, y });
  expect(areaOf(move(5, -3))?.place).toEqual({ kind: 'at', x: 15, y: 17 });
  expect(areaOf(move(1000, 1000))?.place).toEqual({ kind: 'at', x: 56, y: 56 });
  expect(areaOf(move(-1000, -1000))?.place).toEqual({ kind: 'at', x: 0, y: 0 });
});

test('four corners move together: dragging one inward widens the margin', () => {
  const part: SimpleTrigger = { ...patchAt(0, 0, 8), place: { kind: 'four-corners', margin: 2 } };
  const frame = frameOf(designOf(part), sides);
  const right = { left: 54, top: 2 };
  expect(areaOf(movePart(part, frame, right, { x: -3, y: 1 }))?.place).toEqual({
    kind: 'four-corners',
    margin: 5,
  });
  expect(areaOf(movePart(part, frame, right, { x: 9, y: 0 }))?.place).toEqual({
    kind: 'four-corners',
    margin: 0,
  });
});

test('pulling a corner keeps the opposite one where it is', () => {
  const part = patchAt(20, 20, 10);
  const frame = frameOf(designOf(part), sides);
  const from = { left: 20, top: 20, size: 10 };
  const lowerRight = pullPart(part, frame, from, { x: 1, y: 1 }, { x: 4, y: 1 });
  expect(areaOf(lowerRight)).toMatchObject({ size: 14, place: { kind: 'at', x: 20, y: 20 } });
  const upperLeft = pullPart(part, frame, from, { x: 0, y: 0 }, { x: -4, y: -4 });
  expect(areaOf(upperLeft)).toMatchObject({ size: 14, place: { kind: 'at', x: 16, y: 16 } });
  const shut = pullPart(part, frame, from, { x: 1, y: 1 }, { x: -50, y: -50 });
  expect(areaOf(shut)?.size).toBe(1);
});

test('whatever is done, a patch that fitted still fits', () => {
  const whole = fc.integer({ min: -100, max: 100 });
  const place = fc.oneof(
    fc.record({ kind: fc.constant('at' as const), x: fc.nat(40), y: fc.nat(40) }),
    fc.record({ kind: fc.constant('four-corners' as const), margin: fc.nat(20) }),
    fc.constant({ kind: 'centre' as const }),
    fc.constant({ kind: 'random' as const }),
    fc.record({
      kind: fc.constant('corner' as const),
      corner: fc.constantFrom('top-left' as const, 'bottom-right' as const),
      margin: fc.nat(40),
    }),
  );
  fc.assert(
    fc.property(place, fc.integer({ min: 1, max: 20 }), whole, whole, whole, (where, size, x, y, bigger) => {
      const part = { ...patchAt(0, 0, size), place: where };
      const fits = (one: SimpleTrigger) => placePart(designOf(one), sides, 'key', 0);
      const [held] = fits(part);
      if (held === undefined) throw new Error('a patch lies somewhere');
      const frame = frameOf(designOf(part), sides);
      const moved = movePart(part, frame, held, { x, y });
      expect(fits(moved).length).toBeGreaterThan(0);
      expect(fits(resizePart(moved, frame, size + bigger)).length).toBeGreaterThan(0);
      const from = { left: held.left, top: held.top, size };
      if (where.kind === 'at' || where.kind === 'centre') {
        for (const handle of [
          { x: 0, y: 0 },
          { x: 1, y: 0 },
          { x: 0, y: 1 },
          { x: 1, y: 1 },
        ] as const) {
          expect(fits(pullPart(part, frame, from, handle, { x, y }))).toHaveLength(1);
        }
      }
    }),
  );
});

test('each part of a composition has its own places, random ones too', () => {
  const random = { ...patchAt(0, 0, 5), place: { kind: 'random' as const } };
  const four = { ...patchAt(0, 0, 3), place: { kind: 'four-corners' as const, margin: 1 } };
  const wave: SimpleTrigger = {
    kind: 'sinusoid',
    amplitude: 20,
    frequency: 6,
    direction: 0,
    alpha: 1,
    mode: 'add',
  };
  const design = designOf({ kind: 'composition', parts: [four, wave, random] });
  expect(placePart(design, sides, 'key', 0)).toHaveLength(4);
  expect(placePart(design, sides, 'key', 1)).toEqual([]);
  expect(placePart(design, sides, 'key', 2)).toMatchObject([{ width: 5, height: 5 }]);
});

test('before preprocessing, places count in the centre square of the picture', () => {
  const design = designOf({ ...patchAt(4, 4, 8), apply: 'before' }, 32);
  // 100 x 64: the square begins at column 18 and measures 64 px, 2 px a unit.
  expect(placePart(design, { width: 100, height: 64 }, 'key', 0)).toEqual([
    { left: 26, top: 8, width: 16, height: 16 },
  ]);
});

test('turning stays within half a turn and leaves nothing behind at 0', () => {
  const part = patchAt(0, 0, 4);
  expect(turnOf(turnPart(part, 190))).toBe(-170);
  expect(turnOf(turnPart(part, -180))).toBe(180);
  expect(turnPart(turnPart(part, 30), 360)).toEqual(part);
});
