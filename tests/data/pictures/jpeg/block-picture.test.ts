import fc from 'fast-check';
import sharp, { type JpegOptions } from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { lookOf, lookOfBlocks, looksNear } from '#core/pixels/look.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { lookAtPicture } from '#main/data/importing/look-at-picture.ts';
import { decodeBytes } from '#main/data/pictures/decode-picture.ts';
import { readBlockPicture } from '#main/data/pictures/jpeg/block-picture.ts';

const maxPixels = 2 ** 26;

/** Waves of several lengths with an edge and some noise, so that codes of all lengths occur. */
function scene(width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < data.length; at += 1) {
    const [x, y, channel] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width), at % 3];
    const waves = 50 * Math.sin(x / (9 + channel)) + 40 * Math.cos((y + x) / 23);
    data[at] = 128 + waves + (x > y ? 15 : -15) + ((at * 7919) % 11);
  }
  return { width, height, data };
}

/** Of each block only the finest waves: sixteen zeros and more before a coefficient. */
function checks(width: number, height: number): Picture {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    return ((x >> 3) + (y >> 3)) % 3 === 0 ? 128 + ((x + y) % 2 === 0 ? 90 : -90) : 60 + ((x >> 3) % 5) * 20;
  });
  return { width, height, data };
}

const encode = ({ width, height, data }: Picture, options: JpegOptions, grey = false) => {
  const image = sharp(data, { raw: { width, height, channels: 3 } });
  return (grey ? image.toColourspace('b-w') : image).jpeg(options).toBuffer();
};

let plain: Buffer;
let files: [string, Buffer][];
beforeAll(async () => {
  const picture = scene(221, 230);
  plain = await encode(picture, { quality: 80 });
  files = [
    ['4:2:0', plain],
    ['4:4:4', await encode(picture, { quality: 95, chromaSubsampling: '4:4:4' })],
    ['own tables', await encode(picture, { quality: 60, optimiseCoding: true })],
    ['grey', await encode(picture, { quality: 85 }, true)],
    ['long runs of zeros', await encode(checks(221, 230), { quality: 90, optimiseCoding: true }, true)],
  ];
});

/** Of the whole picture decoded by libjpeg: the mean of each block that lies in it whole. */
function meansOf({ width, height, data }: Picture): Map<number, number[]> {
  const means = new Map<number, number[]>();
  const across = Math.ceil(width / 8);
  for (let row = 0; row < Math.floor(height / 8); row += 1) {
    for (let column = 0; column < Math.floor(width / 8); column += 1) {
      const sums = [0, 0, 0];
      for (let at = 0; at < 64; at += 1) {
        const pixel = (8 * row + (at >> 3)) * width + 8 * column + (at & 7);
        for (const channel of [0, 1, 2]) sums[channel]! += data[3 * pixel + channel]! / 64;
      }
      means.set(row * across + column, sums);
    }
  }
  return means;
}

test('blocks have the means of the pixels that libjpeg gives', async () => {
  for (const [name, bytes] of files) {
    const found = readBlockPicture(bytes, maxPixels);
    const whole = await decodeBytes(bytes, name);
    expect([name, found?.width, found?.height]).toEqual([name, whole.width, whole.height]);
    const differences: number[] = [];
    for (const [block, means] of meansOf(whole)) {
      const colour = [...found!.blocks.data.subarray(3 * block, 3 * block + 3)];
      // Chroma that is sampled less is spread over neighbours in pixels, so there brightness alone is compared.
      if (name === '4:2:0' || name === 'own tables') differences.push(luma(colour) - luma(means));
      else differences.push(...means.map((mean, channel) => colour[channel]! - mean));
    }
    const mean = differences.reduce((sum, one) => sum + Math.abs(one), 0) / differences.length;
    expect([name, mean < 1]).toEqual([name, true]);
  }
});

const luma = ([red = 0, green = 0, blue = 0]: readonly number[]) =>
  0.299 * red + 0.587 * green + 0.114 * blue;

test('a picture looks the same by its blocks as by its pixels', async () => {
  for (const [width, height] of [
    [216, 217],
    [320, 240],
    [401, 303],
  ] as const) {
    const bytes = await encode(scene(width, height), { quality: 85 });
    const { blocks } = readBlockPicture(bytes, maxPixels)!;
    const whole = await decodeBytes(bytes, 'picture');
    expect(looksNear(lookOfBlocks(blocks, whole, 8), lookOf(whole))).toBe(true);
  }
});

test('what is not plain is left to the whole decoder', async () => {
  const picture = scene(64, 48);
  expect(readBlockPicture(await encode(picture, { progressive: true }), maxPixels)).toBeNull();
  expect(readBlockPicture(plain, 221 * 230 - 1)).toBeNull();
  expect(readBlockPicture(Buffer.from([0xff, 0xd8, 0xff]), maxPixels)).toBeNull();
  const cmyk = sharp(picture.data, { raw: { width: 64, height: 48, channels: 3 } }).toColourspace('cmyk');
  expect(readBlockPicture(await cmyk.jpeg().toBuffer(), maxPixels)).toBeNull();
});

describe('the verdict on damaged files is that of decoding them whole', () => {
  const verdictOf = async (work: Promise<unknown>) =>
    work.then(
      () => 'whole' as const,
      () => 'refused' as const,
    );

  const lookAt = (bytes: Buffer) => lookAtPicture('picture', { bytes });

  async function compare(bytes: Buffer) {
    const whole = await verdictOf(decodeBytes(bytes, 'picture'));
    expect(await verdictOf(lookAt(bytes))).toBe(whole);
    // Where it is not left to the whole decoder, that has nothing to say, not even a warning.
    if (readBlockPicture(bytes, maxPixels) === null) return;
    await sharp(bytes, { failOn: 'warning' }).raw().toBuffer();
  }

  test('cut short at any place', async () => {
    for (const [, bytes] of files) {
      for (let cut = 1; cut <= 40; cut += 1) await compare(bytes.subarray(0, bytes.length - cut));
      for (let part = 1; part < 24; part += 1)
        await compare(bytes.subarray(0, Math.floor((bytes.length * part) / 24)));
    }
  });

  test('flipped bits, changed bytes, bytes too many and bytes lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(3),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.constantFrom('flip', 'set', 'lose', 'double'),
        fc.nat(255),
        async (file, place, damage, value) => {
          const bytes = Buffer.from(files[file]![1]);
          const at = 2 + Math.floor(place * (bytes.length - 2));
          if (damage === 'flip') bytes[at]! ^= 1 << (value & 7);
          else if (damage === 'set') bytes[at] = value;
          const rest = bytes.subarray(damage === 'lose' ? at + 1 : at);
          const damaged =
            damage === 'lose' || damage === 'double'
              ? Buffer.concat([bytes.subarray(0, damage === 'lose' ? at : at + 1), rest])
              : bytes;
          await compare(damaged);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('damage to colours only is taken as it is, by both', async () => {
    for (const [, bytes] of files) {
      const damaged = Buffer.from(bytes);
      // Behind the marker of a table of quantisers, its length and its number: the quantiser of the mean.
      damaged[damaged.indexOf(Buffer.from([0xff, 0xdb])) + 5]! ^= 1;
      expect(readBlockPicture(damaged, maxPixels)).not.toBeNull();
      await compare(damaged);
    }
  });
});
