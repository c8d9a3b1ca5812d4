import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodePicture } from '#main/data/pictures/decode-picture.ts';
import { temporaryFolder } from '../picture-files.ts';

async function decode(bytes: Uint8Array) {
  const path = join(temporaryFolder(), 'picture');
  writeFileSync(path, bytes);
  return decodePicture(path);
}

const text = (header: string, ...values: number[]) =>
  Buffer.concat([Buffer.from(header), Buffer.from(values)]);

test('PPM and PGM, with comments, other greatest values, and 16 bits', async () => {
  const pixels = async (bytes: Uint8Array) => [...(await decode(bytes)).data];
  expect(await decode(text('P6\n# from a camera\n2 1\n255\n', 1, 2, 3, 4, 5, 6))).toEqual({
    width: 2,
    height: 1,
    data: Uint8Array.of(1, 2, 3, 4, 5, 6),
  });
  expect(await pixels(text('P5 2 1 255\n', 10, 250))).toEqual([10, 10, 10, 250, 250, 250]);
  // 5 of 10 is 127.5 of 255.
  expect(await pixels(text('P5 2 1 10\n', 5, 10))).toEqual([128, 128, 128, 255, 255, 255]);
  expect(await pixels(text('P5 1 1 65535\n', 0x80, 0x80))).toEqual([128, 128, 128]);
  await expect(decode(text('P6\n2 2\n255\n', 1, 2, 3))).rejects.toThrow(/cut short/);
});

/** A BMP by its fields: 54 bytes of headers, then what is given. */
function bmp(width: number, height: number, bits: number, rest: number[], extra = 0, compression = 0) {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54 + rest.length, 2);
  header.writeUInt32LE(54 + extra, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(compression, 30);
  return Buffer.concat([header, Buffer.from(rest)]);
}

test('BMP: rows from the bottom or the top, padding, palettes and masks', async () => {
  const pixels = async (bytes: Uint8Array) => [...(await decode(bytes)).data];
  const twoRows = [3, 2, 1, 0, 6, 5, 4, 0];
  expect(await pixels(bmp(1, 2, 24, twoRows))).toEqual([4, 5, 6, 1, 2, 3]);
  expect(await pixels(bmp(1, -2, 24, twoRows))).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await pixels(bmp(1, 1, 32, [30, 20, 10, 77]))).toEqual([10, 20, 30]);
  const palette = [9, 8, 7, 0, ...new Array(254 * 4).fill(0), 3, 2, 1, 0];
  expect(await pixels(bmp(2, 1, 8, [...palette, 255, 0, 0, 0], 1024))).toEqual([1, 2, 3, 7, 8, 9]);
  expect(await pixels(bmp(3, 1, 1, [0, 0, 0, 0, 255, 255, 255, 0, 0b1010_0000, 0, 0, 0], 8))).toEqual([
    255, 255, 255, 0, 0, 0, 255, 255, 255,
  ]);
  // 5 bits each: the greatest value of 31 is 255, 1 is 8.
  expect(await pixels(bmp(1, 1, 16, [0b0010_0001, 0b0111_1100, 0, 0]))).toEqual([255, 8, 8]);
  await expect(decode(bmp(4, 4, 24, [0, 0]))).rejects.toThrow(/cut short/);
  await expect(decode(bmp(1, 1, 8, [0, 0, 0, 0], 0, 1))).rejects.toThrow(/compressed BMP/);
});

test('what is not read is named, with what to do', async () => {
  await expect(decode(Buffer.from('<!DOCTYPE html><html>404</html>'))).rejects.toThrow(/web page/);
  await expect(decode(Buffer.from('version https://git-lfs.github.com/spec/v1\n'))).rejects.toThrow(
    /Git LFS/,
  );
  await expect(decode(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1'))).rejects.toThrow(/HEIC/);
  await expect(decode(Buffer.from('<svg xmlns="x"></svg>'))).rejects.toThrow(/SVG/);
});
