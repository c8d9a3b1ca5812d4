import { expect, test } from 'vitest';
import { comparePictures } from '#core/pixels/picture-metrics.ts';
import { greyPicture } from './pictures.ts';

const level = (value: number) => greyPicture(Array.from({ length: 12 }, () => Array(13).fill(value)));

test('equal pictures', () => {
  expect(comparePictures(level(90), level(90))).toEqual({
    l0: 0,
    l2: 0,
    lInfinity: 0,
    psnr: null,
    ssim: 1,
    changedShare: 0,
  });
});

test('two even greys: by the formulas', () => {
  const { l0, l2, lInfinity, psnr, ssim, changedShare } = comparePictures(level(100), level(110));
  expect(l0).toBe(12 * 13 * 3);
  expect(changedShare).toBe(1);
  expect(l2).toBeCloseTo(Math.sqrt(468 * 100) / 255, 12);
  expect(lInfinity).toBeCloseTo(10 / 255, 12);
  expect(psnr).toBeCloseTo(20 * Math.log10(255 / 10), 10);
  // Without variance only brightness counts: (2ab + c1) / (a² + b² + c1), c1 = 2.55².
  expect(ssim).toBeCloseTo((2 * 100 * 110 + 6.5025) / (100 ** 2 + 110 ** 2 + 6.5025), 10);
});

test('one value of one pixel', () => {
  const after = level(100);
  after.data[3 * 40 + 1] = 151;
  const difference = comparePictures(level(100), after);
  expect(difference).toMatchObject({ l0: 1, l2: 0.2, lInfinity: 0.2, changedShare: 1 / 156 });
  expect(difference.ssim).toBeLessThan(1);
});

test('other sizes are refused', () => {
  expect(() => comparePictures(level(1), greyPicture([[1]]))).toThrow(/13 x 12 pixels .* 1 x 1/);
});
