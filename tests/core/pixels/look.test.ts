import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { countBits, lookOf, looksNear, nearBits } from '#core/pixels/look.ts';
import { nearPairs } from '#core/pixels/near-pairs.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { createRandom } from '#core/random/random.ts';
import { decodeBytes } from '#main/data/pictures/decode-picture.ts';

/** Soft patches of colour, as photographs have them. */
async function scene(seed: number, width = 160, height = 120): Promise<Picture> {
  const random = createRandom('scene', seed);
  const small = Buffer.from(Array.from({ length: 8 * 6 * 3 }, () => random.integer(256)));
  const { data } = await sharp(small, { raw: { width: 8, height: 6, channels: 3 } })
    .resize(width, height, { kernel: 'cubic' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width, height, data: new Uint8Array(data) };
}
const raw = ({ data, width, height }: Picture) => sharp(data, { raw: { width, height, channels: 3 } });

test('a picture saved again, scaled or a little brighter looks the same; another, or its mirror image, does not', async () => {
  const pictures = await Promise.all(Array.from({ length: 12 }, (_, seed) => scene(seed)));
  for (const picture of pictures) {
    const look = lookOf(picture);
    const changed = [
      await raw(picture).jpeg({ quality: 60 }).toBuffer(),
      await raw(picture).resize(80, 60).png().toBuffer(),
      await raw(picture).resize(400, 300).jpeg({ quality: 85 }).toBuffer(),
      await raw(picture).linear(1, 5).png().toBuffer(),
    ];
    for (const bytes of changed) expect(looksNear(look, lookOf(await decodeBytes(bytes, 'x')))).toBe(true);
    const mirrored = await raw(picture).flop().png().toBuffer();
    expect(looksNear(look, lookOf(await decodeBytes(mirrored, 'x')))).toBe(false);
  }
  const looks = pictures.map(lookOf);
  const near = looks.flatMap((a, at) => looks.slice(at + 1).filter((b) => looksNear(a, b)));
  expect(near).toHaveLength(0);
});

test('flat pictures of different colours differ, and the smallest picture has a look', () => {
  const flat = (red: number, side: number): Picture => ({
    width: side,
    height: side,
    data: new Uint8Array(3 * side * side).map((_, at) => (at % 3 === 0 ? red : 40)),
  });
  expect(looksNear(lookOf(flat(200, 1)), lookOf(flat(203, 30)))).toBe(true);
  expect(looksNear(lookOf(flat(200, 30)), lookOf(flat(120, 30)))).toBe(false);
});

test('bits are counted', () => {
  fc.assert(
    fc.property(fc.integer(), (word) => {
      expect(countBits(word)).toBe([...(word >>> 0).toString(2)].filter((bit) => bit === '1').length);
    }),
  );
});

test('pairs of hashes are those that a comparison of all finds, each once', () => {
  const word = fc.integer({ min: 0, max: 3 }).map((few) => few * 0x01010101);
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word, word, fc.integer()), { maxLength: 40 }), (rows) => {
      const hashes = Uint32Array.from(rows.flat().map((one) => one >>> 0));
      const expected: string[] = [];
      for (let a = 0; a < rows.length; a += 1) {
        for (let b = a + 1; b < rows.length; b += 1) {
          const bits = [0, 1, 2, 3].reduce(
            (sum, at) => sum + countBits(hashes[4 * a + at]! ^ hashes[4 * b + at]!),
            0,
          );
          if (bits <= nearBits) expected.push(`${a} ${b}`);
        }
      }
      const found = [...nearPairs(hashes)].map(([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`);
      expect(found.sort()).toEqual(expected.sort());
    }),
    { numRuns: 20 },
  );
});
