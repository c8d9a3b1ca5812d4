import { expect, test } from 'vitest';
import { amplifyDifference } from '../../../renderer/workers/rgba.ts';

test('a difference is grey where nothing changed, and cut to a byte where the gain takes it out', () => {
  const before = { width: 2, height: 1, rgba: new Uint8ClampedArray([10, 20, 30, 255, 100, 100, 100, 255]) };
  const after = { width: 2, height: 1, rgba: new Uint8ClampedArray([10, 20, 30, 255, 110, 80, 255, 255]) };
  const { rgba } = amplifyDifference(before, after, 4);
  expect([...rgba]).toEqual([128, 128, 128, 255, 168, 48, 255, 255]);
});
