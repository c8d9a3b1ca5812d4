import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import sharp, { type Channels, type Sharp } from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { decodePicture, encodePng } from '#main/data/pictures/decode-picture.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'decode-picture-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A picture file of one pixel given by its channels. */
async function savePixel(name: string, channels: number[], change = (image: Sharp) => image.png()) {
  const file = path.join(folder, name);
  const raw = { width: 1, height: 1, channels: channels.length as Channels };
  writeFileSync(file, await change(sharp(Uint8Array.from(channels), { raw })).toBuffer());
  return file;
}

describe('what becomes 8-bit RGB', () => {
  test('alpha is dropped, not blended', async () => {
    const file = await savePixel('alpha.png', [200, 100, 50, 0]);
    expect([...(await decodePicture(file)).data]).toEqual([200, 100, 50]);
  });

  test('grey is repeated, with alpha and without', async () => {
    const grey = (image: Sharp) => image.toColourspace('b-w').png();
    expect([...(await decodePicture(await savePixel('grey.png', [77], grey))).data]).toEqual([77, 77, 77]);
    expect([...(await decodePicture(await savePixel('greya.png', [77, 9], grey))).data]).toEqual([
      77, 77, 77,
    ]);
  });

  test('of 16 bits the high 8 stay', async () => {
    const file = path.join(folder, 'deep.png');
    const raw = { width: 1, height: 1, channels: 3 as const };
    const values = Uint16Array.of(0x12ff, 0xff00, 0x8001);
    writeFileSync(file, await sharp(values, { raw }).toColourspace('rgb16').png().toBuffer());
    expect((await sharp(file).metadata()).depth).toBe('ushort');
    expect([...(await decodePicture(file)).data]).toEqual([0x12, 0xff, 0x80]);
  });

  test('a palette is looked up', async () => {
    const file = await savePixel('palette.png', [255, 0, 255], (image) => image.png({ palette: true }));
    expect((await sharp(file).metadata()).isPalette).toBe(true);
    expect([...(await decodePicture(file)).data]).toEqual([255, 0, 255]);
  });

  test('CMYK becomes three channels: white paper is white', async () => {
    const file = path.join(folder, 'cmyk.jpg');
    const white = sharp({ create: { width: 8, height: 8, channels: 3, background: '#ffffff' } });
    writeFileSync(file, await white.toColourspace('cmyk').jpeg().toBuffer());
    expect((await sharp(file).metadata()).space).toBe('cmyk');
    const { data } = await decodePicture(file);
    expect(data.length).toBe(8 * 8 * 3);
    expect(Math.min(...data)).toBeGreaterThan(250);
  });

  test('EXIF orientation changes nothing', async () => {
    const raw = { width: 2, height: 1, channels: 3 as const };
    const pixels = Uint8Array.of(10, 200, 30, 250, 4, 90);
    const file = path.join(folder, 'tagged.png');
    const tagged = sharp(pixels, { raw }).withExif({ IFD0: { Orientation: '6' } });
    writeFileSync(file, await tagged.png().toBuffer());
    const picture = await decodePicture(file);
    expect([picture.width, picture.height]).toEqual([2, 1]);
    expect([...picture.data]).toEqual([...pixels]);
  });

  test('a colour profile is ignored: the stored values are taken, not the colours they stand for', async () => {
    const colour = [10, 200, 30];
    const wide = (image: Sharp) => image.withIccProfile('p3').png();
    const file = await savePixel('profile.png', colour, wide);
    const managed = await sharp(file).raw().toBuffer();
    const stored = (await decodePicture(file)).data;
    for (const [channel, value] of managed.entries())
      expect(Math.abs(value - colour[channel]!)).toBeLessThan(3);
    // Display P3 is wider than sRGB: the same green needs more red and less green there.
    expect(stored[0]).toBeGreaterThan(50);
    expect(stored[1]).toBeLessThan(200);
  });
});

test('a PNG that was encoded comes back byte for byte', async () => {
  const file = path.join(folder, 'round.png');
  await fc.assert(
    fc.asyncProperty(
      fc
        .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
        .chain(([width, height]) =>
          fc
            .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
            .map((data) => ({ width, height, data })),
        ),
      async (picture) => {
        writeFileSync(file, await encodePng(picture));
        expect(await decodePicture(file)).toEqual(picture);
      },
    ),
    { numRuns: 30 },
  );
});

describe('what is refused', () => {
  test('a file that is not there', async () => {
    await expect(decodePicture(path.join(folder, 'none.png'))).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('a text file and a JPEG cut in half, by name', async () => {
    const text = path.join(folder, 'text.jpg');
    writeFileSync(text, 'no picture');
    await expect(decodePicture(text)).rejects.toMatchObject({ kind: 'bad-input' });
    const half = path.join(folder, 'half.jpg');
    const whole = readFileSync(
      path.join(import.meta.dirname, '../../fixtures/reference/preprocess/input-2.jpg'),
    );
    writeFileSync(half, whole.subarray(0, whole.length / 2));
    await expect(decodePicture(half)).rejects.toThrow(half);
  });
});

describe('what is refused before it is decoded', () => {
  test.each([
    ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'],
    ['declared.svg', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'],
    ['portable.ppm', 'P3\n1 1\n255\n1 2 3\n'],
    ['document.pdf', '%PDF-1.4'],
  ])('%s is none of the formats, whatever its name', async (name, content) => {
    for (const file of [path.join(folder, name), path.join(folder, `${name}.png`)]) {
      writeFileSync(file, content);
      await expect(decodePicture(file)).rejects.toMatchObject({
        kind: 'bad-input',
        message: expect.stringContaining('none of PNG, JPEG, WebP, GIF, TIFF, AVIF'),
      });
    }
  });

  test('more pixels than 8192 x 8192', async () => {
    const make = async (width: number) => {
      const file = path.join(folder, `${width}.png`);
      const blank = sharp({ create: { width, height: 8192, channels: 3, background: '#000000' } });
      writeFileSync(file, await blank.png().toBuffer());
      return file;
    };
    const { width, height } = await decodePicture(await make(8192));
    expect([width, height]).toEqual([8192, 8192]);
    await expect(decodePicture(await make(8193))).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringContaining('pixel limit'),
    });
  });

  test('a named pipe', async () => {
    const file = path.join(folder, 'pipe.png');
    execFileSync('mkfifo', [file]);
    await expect(decodePicture(file)).rejects.toMatchObject({ kind: 'bad-input' });
  });
});

test.each(['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const)('%s is decoded', async (format) => {
  const file = path.join(folder, `format.${format}`);
  const red = sharp({ create: { width: 9, height: 7, channels: 3, background: '#ff0000' } });
  writeFileSync(file, await red.toFormat(format).toBuffer());
  const { width, height, data } = await decodePicture(file);
  expect([width, height]).toEqual([9, 7]);
  expect(Math.abs(data[0]! - 255) + data[1]! + data[2]!).toBeLessThan(12);
});
