import fc from 'fast-check';
import { test } from 'vitest';
import { hashPicture } from '#core/pixels/picture-hash.ts';
import { hashPixels } from '#main/data/pictures/hash-pixels.ts';

test('is the hash that core gives', () => {
  const picture = fc
    .record({ width: fc.integer({ min: 1, max: 20 }), height: fc.integer({ min: 1, max: 20 }) })
    .chain(({ width, height }) =>
      fc
        .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
        .map((data) => ({ width, height, data })),
    );
  fc.assert(fc.property(picture, (one) => hashPixels(one) === hashPicture(one)));
});
