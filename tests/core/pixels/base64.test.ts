import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base64Bytes } from '#contract/triggers/shared.ts';
import { decodeBase64, decodeFloats, encodeBase64, encodeFloats } from '#core/pixels/base64.ts';

test('as Node writes it, and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64');
      expect(encodeBase64(bytes)).toBe(text);
      expect(decodeBase64(text)).toEqual(bytes);
      expect(base64Bytes(text)).toBe(bytes.length);
    }),
  );
});

test('floats are little-endian', () => {
  expect([...decodeBase64(encodeFloats([1]))]).toEqual([0, 0, 0x80, 0x3f]);
  expect([...decodeFloats(encodeFloats([0.5, -3]))]).toEqual([0.5, -3]);
});
