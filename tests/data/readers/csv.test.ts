import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { lookOf } from '#core/pixels/look.ts';
import type { ImportItem } from '#main/data/importing/check-pairs.ts';
import type { ImportOptions } from '#main/data/importing/read-found.ts';
import type { ReadProgress } from '#main/data/readers/reader.ts';
import { gradient, savePicture, temporaryFolder } from '../picture-files.ts';
import { type Asked, readAs } from './read-as.ts';

/** A folder with pictures 0.png to 3.png of 4 x 3 pixels and a CSV file of this content. */
async function importCsv(
  content: string | Uint8Array,
  options: Asked & ImportOptions = {},
  folder = temporaryFolder(),
) {
  for (let i = 0; i < 4; i++) await savePicture(join(folder, 'images', `${i}.png`), gradient(4, 3, i));
  const path = join(folder, 'pairs.csv');
  writeFileSync(path, content);
  return readAs('csv', path, options);
}

function skippedOf(items: ImportItem[]) {
  return items.flatMap((item) => (item.kind === 'skipped' ? [[item.skipped.row, item.skipped.reason]] : []));
}

function recordsOf(items: ImportItem[]) {
  return items.flatMap((item) => (item.kind === 'record' ? [item.record] : []));
}

test('pairs with label and split, in the order of the rows, with size and hash of their pictures', async () => {
  const records = recordsOf(
    await importCsv(
      'split,image,note,caption,label\ntest,images/2.png,x,"two, quoted",number\n,images/0.png,,nought,\nVAL,images/1.png,,one, number \n',
    ),
  );
  const pixels = gradient(4, 3, 2).data;
  expect(records[0]).toEqual({
    key: 'images/2.png',
    caption: 'two, quoted',
    label: 'number',
    name: null,
    split: 'test',
    sha256: createHash('sha256')
      .update(Uint8Array.of(4, 0, 0, 0, 3, 0, 0, 0))
      .update(pixels)
      .digest('hex'),
    width: 4,
    height: 3,
    look: lookOf(gradient(4, 3, 2)),
  });
  expect(records.map(({ key, label, split }) => [key, label, split])).toEqual([
    ['images/2.png', 'number', 'test'],
    ['images/0.png', null, 'train'],
    ['images/1.png', 'number', 'validation'],
  ]);
});

test('without label and split columns all is train and unlabelled; columns may have other names, tabs divide', async () => {
  const items = await importCsv('FILE\tTEXT, or so\nimages/0.png\tnought, zero\n', {
    delimiter: '\t',
    imageColumn: 'FILE',
    captionColumn: 'TEXT, or so',
  });
  expect(recordsOf(items)).toMatchObject([
    { key: 'images/0.png', caption: 'nought, zero', label: null, split: 'train' },
  ]);
});

test('every kind of bad row is left out with its number and a reason, the good ones between them stay', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'images'), { recursive: true });
  writeFileSync(join(folder, 'images', 'text.png'), 'no picture');
  const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * i * 31) % 251);
  const jpeg = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
    .jpeg()
    .toBuffer();
  writeFileSync(join(folder, 'images', 'cut.jpg'), jpeg.subarray(0, jpeg.length / 2));
  const png = readFileSync(
    await savePicture(join(folder, 'whole.png'), { width: 64, height: 64, data: noise }),
  );
  writeFileSync(join(folder, 'images', 'cut.png'), png.subarray(0, png.length - 2000));
  writeFileSync(join(folder, 'images', 'empty.png'), '');
  const content = Buffer.concat([
    Buffer.from('image,caption,split\n'),
    Buffer.from('images/0.png,"first\nof two lines",train\n'),
    Buffer.from('images/gone.png,gone,train\n'),
    Buffer.from('images/text.png,text,train\n'),
    Buffer.from('images/cut.jpg,cut,train\n'),
    Buffer.from('images/cut.png,cut,train\n'),
    Buffer.from('images/empty.png,empty,train\n'),
    Buffer.from('images/1.png,"  ",train\n'),
    Buffer.from('images/1.png,too few\n'),
    Buffer.from('images/1.png,too,many,train\n'),
    Buffer.concat([Buffer.from('images/1.png,caf'), Buffer.from([0xe9]), Buffer.from(',train\n')]),
    Buffer.from('images/0.png,again,train\n'),
    Buffer.from('images/1.png,one,maybe\n'),
    Buffer.from(',nothing,train\n'),
    Buffer.from('images,a folder,train\n'),
    Buffer.from('images/1.png,"open,train\n'),
    Buffer.from('images/1.png,one,train\n'),
  ]);
  const items = await importCsv(content, {}, folder);
  expect(recordsOf(items).map(({ key, caption }) => [key, caption])).toEqual([
    ['images/0.png', 'first\nof two lines'],
    ['images/0.png', 'again'],
    ['images/1.png', 'one'],
  ]);
  const skipped = skippedOf(items);
  expect(skipped.map(([row]) => row)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16]);
  const reasons = new Map(skipped.map(([row, reason]) => [row, reason]));
  expect(reasons.get(3)).toMatch(/no picture at .*gone\.png/);
  for (const row of [4, 5, 6, 7]) expect(reasons.get(row)).toMatch(/cannot be decoded as a picture/);
  expect(reasons.get(8)).toBe('has an empty caption');
  expect(reasons.get(9)).toBe('has 2 columns where the header has 3');
  expect(reasons.get(10)).toBe(
    'has 4 columns where the header has 3: a field with a delimiter in it needs quotes',
  );
  expect(reasons.get(11)).toBe('has bytes that are not UTF-8: save the file as UTF-8');
  expect(reasons.get(13)).toMatch(/unknown split 'maybe'/);
  expect(reasons.get(14)).toBe('names no picture');
  expect(reasons.get(15)).toMatch(/images cannot be read/);
  expect(reasons.get(16)).toBe('opens a quote that is never closed');
});

test('absolute paths and paths out of the folder are followed, their key is what was written', async () => {
  const folder = temporaryFolder();
  const outside = await savePicture(join(folder, 'elsewhere', 'a.png'), gradient(2, 2, 1));
  const other = temporaryFolder();
  const absolute = await savePicture(join(other, 'b.png'), gradient(2, 2, 2));
  mkdirSync(join(folder, 'csv'));
  const content = `image,caption\n../elsewhere/a.png,a\n${absolute},b\n./images/../images/0.png,c\n`;
  const items = await importCsv(content, {}, join(folder, 'csv'));
  expect(recordsOf(items).map(({ key }) => key)).toEqual(['../elsewhere/a.png', absolute, 'images/0.png']);
  expect(outside).toContain('elsewhere');
});

test('one picture by two spellings of its path is one picture with two captions', async () => {
  const items = await importCsv('image,caption\nimages/0.png,a\n./images//0.png,b\n');
  expect(recordsOf(items).map(({ key, caption }) => [key, caption])).toEqual([
    ['images/0.png', 'a'],
    ['images/0.png', 'b'],
  ]);
});

test.each([
  ['a missing column names those there are', 'where,words\n', {}, "Its columns are 'where', 'words'"],
  [
    'a named optional column must exist',
    'image,caption\n',
    { labelColumn: 'class' },
    "has no column 'class'",
  ],
  ['two columns of one name', 'image,caption,image\n', {}, "two columns named 'image'"],
  ['an empty file', '', {}, 'is empty'],
] as const)('%s', async (_, content, options, message) => {
  await expect(importCsv(content, options)).rejects.toMatchObject({
    kind: 'bad-input',
    message: expect.stringContaining(message),
  });
});

test('a file that is not there is an error of its own', async () => {
  await expect(readAs('csv', '/nowhere/pairs.csv')).rejects.toMatchObject({ kind: 'not-found' });
});

test('progress counts rows and bytes up to the whole file', async () => {
  const seen: ReadProgress[] = [];
  const content = 'image,caption\nimages/0.png,a\nimages/1.png,b\nimages/gone.png,c\n';
  await importCsv(content, { onProgress: (progress) => void seen.push(progress) });
  expect(seen.length).toBe(4);
  expect(seen.at(-1)).toEqual({ unit: 'bytes', done: content.length, total: content.length });
});

test('a signal stops the import', async () => {
  const stop = new AbortController();
  const content = `image,caption\n${Array.from({ length: 200 }, (_, i) => `images/${i}.png,x`).join('\n')}`;
  const options = {
    signal: stop.signal,
    onProgress: ({ done }: ReadProgress) => done > 300 && stop.abort(),
  };
  await expect(importCsv(content, options)).rejects.toMatchObject({ kind: 'cancelled' });
});
