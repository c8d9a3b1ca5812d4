import { expect, test } from 'vitest';
import { decodeAlphaPicture, encodeAlphaPng } from '#main/data/pictures/alpha-png.ts';

test('a PNG comes back with its alpha', async () => {
  const rgba = new Uint8Array([200, 100, 50, 255, 10, 20, 30, 0]);
  const png = await encodeAlphaPng({ width: 2, height: 1, rgba });
  expect(await decodeAlphaPicture(png, 64)).toEqual({ width: 2, height: 1, rgba });
});

test.each(['', '<?xml version="1.0"?>'])(
  'an SVG is refused by its first bytes, before anything draws it: %s',
  async (head) => {
    const svg = `${head}<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>`;
    await expect(decodeAlphaPicture(Buffer.from(svg), 64)).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringContaining('it is an SVG drawing'),
    });
    await expect(decodeAlphaPicture(Buffer.from('text'), 64)).rejects.toMatchObject({ kind: 'bad-input' });
  },
);
