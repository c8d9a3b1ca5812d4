import { expect, test } from 'vitest';
import { fitScale, listPanes, readView } from '../../../../../renderer/screens/triggers/canvas/views.ts';
import { meanOf } from '../../../../../renderer/screens/triggers/effect/measures.ts';

test('a canvas shows whole pixels where it can', () => {
  expect(fitScale({ width: 32, height: 32 }, 1, { width: 820, height: 500 }, 12)).toBe(15);
  expect(fitScale({ width: 224, height: 224 }, 3, { width: 820, height: 500 }, 12)).toBe(1);
  expect(fitScale({ width: 1000, height: 500 }, 1, { width: 500, height: 500 }, 12)).toBe(0.5);
});

test('views: what is not known is poisoned; side by side shows all three', () => {
  const pixels = { width: 1, height: 1, rgba: new Uint8ClampedArray([1, 2, 3, 255]) };
  const drawing = { clean: pixels, poisoned: pixels, original: pixels, measures: null, ms: 0 };
  expect(readView('clean')).toBe('clean');
  expect(readView('nonsense')).toBe('poisoned');
  expect(listPanes(drawing, 'side', 4).map(({ name }) => name)).toEqual(['clean', 'poisoned', 'difference']);
  expect(listPanes(drawing, 'clean', 4)).toHaveLength(1);
});

test('a mean with an infinite PSNR among its values is infinite itself', () => {
  const one = { l0: 3, l2: 1, lInfinity: 0.5, psnr: 20, ssim: 0.9, changedShare: 0.1 };
  expect(meanOf([one, { ...one, psnr: 30 }], 'psnr')).toBe(25);
  expect(meanOf([one, { ...one, psnr: null }], 'psnr')).toBeNull();
});
