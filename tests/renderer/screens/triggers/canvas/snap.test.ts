import fc from 'fast-check';
import { expect, test } from 'vitest';
import { snapTo } from '../../../../../renderer/screens/triggers/canvas/snap.ts';

const axis = { length: 224, size: 24, edges: [60, 90] };

test('a part snaps to the edges, the middle and other parts, within reach', () => {
  expect(snapTo(3, axis, 4)).toBe(0);
  expect(snapTo(197, axis, 4)).toBe(200);
  expect(snapTo(98, axis, 4)).toBe(100);
  expect(snapTo(62, axis, 4)).toBe(60);
  // Its far edge to the other part's near one: 60 - 24.
  expect(snapTo(38, axis, 4)).toBe(36);
  expect(snapTo(150, axis, 4)).toBe(150);
});

test('a reach below one leaves whole places as they are, and nothing moves farther than its reach', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 20 }), (at, reach) => {
      expect(snapTo(at, axis, 0.5)).toBe(at);
      expect(Math.abs(snapTo(at, axis, reach) - at)).toBeLessThanOrEqual(reach);
    }),
  );
});
