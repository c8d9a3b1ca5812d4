import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { decodePicture } from '#main/data/pictures/decode-picture.ts';
import { describePicture } from '#main/data/pictures/describe-picture.ts';
import { readBlockPicture } from '#main/data/pictures/jpeg/block-picture.ts';

const folder = join(import.meta.dirname, '../../fixtures/pictures');
const expected = z
  .record(
    z.string(),
    z.object({ mode: z.string(), width: z.number(), height: z.number(), rgb: z.string().nullable() }),
  )
  .parse(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')));

/** The largest and the mean difference from Pillow's pixels, in levels of 255. */
async function differenceOf(name: string): Promise<{ most: number; mean: number }> {
  const { width, height, rgb } = expected[name]!;
  const picture = await decodePicture(join(folder, name));
  expect([picture.width, picture.height]).toEqual([width, height]);
  const pixels = Buffer.from(rgb ?? '', 'base64');
  expect(picture.data.length).toBe(pixels.length);
  const differences = Array.from(pixels, (value, at) => Math.abs(value - picture.data[at]!));
  return {
    most: differences.reduce((most, one) => Math.max(most, one), 0),
    mean: differences.reduce((sum, one) => sum + one, 0) / differences.length,
  };
}

/** Where it differs, by how much at most; what is not here has Pillow's pixels. */
const others = {
  'rgb.avif': 1,
  'ycbcr.tiff': 1,
  'palette-transparent.gif': 255,
  'grey-16.png': 255,
  'grey-16.tiff': 255,
  'grey-16.pgm': 255,
} as const;
const left = ['lab.tiff', 'restart.jpg'];

test.each(Object.keys(expected).filter((name) => !(name in others) && !left.includes(name)))(
  "%s is decoded to the pixels of Pillow's convert('RGB')",
  async (name) => {
    expect(await differenceOf(name)).toEqual({ most: 0, mean: 0 });
  },
);

describe('what differs from Pillow says so', () => {
  test.each(Object.entries(others))('%s, by at most %d', async (name, most) => {
    const difference = await differenceOf(name);
    expect(difference.most).toBeGreaterThan(0);
    expect(difference.most).toBeLessThanOrEqual(most);
    const { decoding } = await describePicture(readFileSync(join(folder, name)));
    expect(decoding.join(' ')).toMatch(/Pillow/);
  });

  test('16-bit grey is nearly white in Pillow, and a ramp here', async () => {
    const { data } = await decodePicture(join(folder, 'grey-16.png'));
    // The first row is 0, 3000, 6000 ...: the high bytes are 0, 11, 23.
    expect([data[0], data[3], data[6]]).toEqual([0, 11, 23]);
  });

  test('a Lab TIFF is refused by name', async () => {
    await expect(decodePicture(join(folder, 'lab.tiff'))).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringContaining('lab.tiff'),
    });
  });
});

test('what a picture is and what is done to it is said', async () => {
  const of = (name: string) => describePicture(readFileSync(join(folder, name)));
  expect((await of('rgb.jpg')).decoding).toEqual([]);
  expect((await of('cmyk.jpg')).format).toBe('JPEG, CMYK');
  expect((await of('palette-alphas.png')).format).toBe('PNG, palette with transparency');
  expect((await of('grey-16.png')).format).toBe('PNG, 16-bit grey');
  expect((await of('grey-16.pgm')).format).toBe('PGM, 16-bit grey');
  expect((await of('ycbcr.tiff')).format).toBe('TIFF, YCbCr');
  expect((await of('oriented.jpg')).decoding.join()).toMatch(/orientation is ignored/);
  expect((await of('rgba.png')).decoding.join()).toMatch(/dropped, not blended/);
});

test('the codes of a JPEG with restart markers are read', () => {
  const jpeg = readBlockPicture(readFileSync(join(folder, 'restart.jpg')), 2 ** 26);
  expect([jpeg?.width, jpeg?.height]).toEqual([400, 240]);
});
