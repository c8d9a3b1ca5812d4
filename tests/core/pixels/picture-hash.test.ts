import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashPicture } from '#core/pixels/picture-hash.ts';
import { anyPicture } from './pictures.ts';

test("the hash is Node's SHA-256 of both sides and the bytes", () => {
  fc.assert(
    fc.property(anyPicture(6), (picture) => {
      const sides = Buffer.alloc(8);
      sides.writeUInt32LE(picture.width, 0);
      sides.writeUInt32LE(picture.height, 4);
      expect(hashPicture(picture)).toBe(
        createHash('sha256').update(sides).update(picture.data).digest('hex'),
      );
    }),
  );
});

test('the same bytes in another shape are another picture', () => {
  const data = new Uint8Array(18);
  expect(hashPicture({ width: 2, height: 3, data })).not.toBe(hashPicture({ width: 3, height: 2, data }));
});
