import sharp from 'sharp';
import { expect, test } from 'vitest';
import { layOnWhite } from '#main/data/emoji/lay-on-white.ts';

function png(pixels: number[], channels: 1 | 2 | 3 | 4, palette = false) {
  const raw = { width: pixels.length / channels, height: 1, channels };
  return sharp(Uint8Array.from(pixels), { raw }).png({ palette }).toBuffer();
}

test('alpha blends with white, rounded to the nearest byte', async () => {
  // 128 of 255: (10 x 128 + 255 x 127) / 255 = 132.02; 200 gives 227.39; 0 gives 127; 1 gives 127.50.
  const picture = await layOnWhite(await png([10, 200, 0, 128, 1, 9, 9, 0, 1, 2, 3, 255], 4));
  expect(picture).toEqual({
    width: 3,
    height: 1,
    data: Uint8Array.of(132, 227, 127, 255, 255, 255, 1, 2, 3),
  });
});

test('pictures without alpha stay as they are; palettes and grey become RGB', async () => {
  expect((await layOnWhite(await png([10, 20, 30], 3))).data).toEqual(Uint8Array.of(10, 20, 30));
  expect((await layOnWhite(await png([255, 0, 0, 0, 0, 0, 255, 255], 4, true))).data).toEqual(
    Uint8Array.of(255, 255, 255, 0, 0, 255),
  );
  const grey = await sharp(Uint8Array.of(0, 128), { raw: { width: 1, height: 1, channels: 2 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
  expect((await layOnWhite(grey)).data).toEqual(Uint8Array.of(127, 127, 127));
});
