import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noNames } from '#main/data/readers/class-names.ts';
import { lookAt } from '#main/data/readers/look.ts';
import type { Found } from '#main/data/readers/reader.ts';
import { readers, recognise } from '#main/data/readers/readers.ts';
import { collect, gradient, savePicture, temporaryFolder } from '../picture-files.ts';

const options = { templates: ['a photo of a {}.'], names: noNames };

async function itemsOf(format: 'jsonl' | 'path-list', path: string, asked = options): Promise<Found[]> {
  const reading = await readers[format].open(await lookAt(path), asked);
  return (await collect(reading.batches(undefined, () => {}))).flat();
}
const pairs = (items: readonly Found[]) => items.filter((item) => item.kind === 'pair');

test('a list of paths with class numbers, as ImageNet and Caffe have it, takes names from a list', async () => {
  const folder = temporaryFolder();
  await savePicture(join(folder, 'train', 'my dog.JPEG'), gradient(4, 4, 1));
  await savePicture(join(folder, 'train', 'b.JPEG'), gradient(4, 4, 2));
  const path = join(folder, 'train.txt');
  writeFileSync(path, 'train/my dog.JPEG 1\r\ntrain/b.JPEG\t0\r\n');
  const names = { ...noNames, inOrder: ['tench', 'banana'] };
  expect((await recognise(await lookAt(path), options)).map(({ format }) => format)).toEqual(['path-list']);
  const items = await itemsOf('path-list', path, { ...options, names });
  expect(pairs(items).map(({ key, label, caption }) => [key, label, caption])).toEqual([
    ['train/my dog.JPEG', 'banana', 'a photo of a banana.'],
    ['train/b.JPEG', 'tench', 'a photo of a tench.'],
  ]);
});

test('a folder with a list for each split', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'train.txt'), 'a/1.png 0\na/2.png 1\n');
  writeFileSync(join(folder, 'val_list.txt'), 'b/3.png 1\n');
  writeFileSync(join(folder, 'README.txt'), 'Lists of pictures.\n');
  const items = pairs(await itemsOf('path-list', folder));
  expect(items.map(({ key, label, split }) => [key, label, split])).toEqual([
    ['a/1.png', '0', 'train'],
    ['a/2.png', '1', 'train'],
    ['b/3.png', '1', 'validation'],
  ]);
});

test('a list of paths with captions behind a space', async () => {
  const path = join(temporaryFolder(), 'captions.lst');
  writeFileSync(path, 'a.png a red apple\nb.png banana\n');
  expect(pairs(await itemsOf('path-list', path)).map(({ caption, label }) => [caption, label])).toEqual([
    ['a red apple', null],
    ['banana', null],
  ]);
});

/** Captions that a caption may be: not empty, and not of spaces alone. */
const captionText = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom(
        '"',
        '\\',
        '\n',
        '\r',
        '\t',
        '{',
        '}',
        '[',
        ',',
        'é',
        '😀',
        '\u2028',
        '\uFEFF',
        'a',
      ),
    }),
  )
  .filter((text) => text.trim() !== '' && Buffer.from(text).toString() === text);

test('what is written as JSON lines is read back, whatever the ends of lines, the encoding and what stands between', async () => {
  const path = join(temporaryFolder(), 'pairs.jsonl');
  const rows = fc.array(
    fc.record({ image: fc.integer({ min: 0, max: 9 }).map((n) => `${n}.png`), caption: captionText }),
    { minLength: 1, maxLength: 8 },
  );
  const lineEnd = fc.constantFrom('\n', '\r\n');
  const encoding = fc.constantFrom('utf8', 'bom', 'utf16le');
  const garbage = fc.option(fc.constantFrom('', '[1,2', 'null', '7', '"text"', '{"image":', '   ', '}{'), {
    nil: null,
  });
  await fc.assert(
    fc.asyncProperty(rows, lineEnd, encoding, garbage, async (written, end, encoded, between) => {
      const lines = written.map((row) => JSON.stringify(row));
      const text = (between === null ? lines : lines.flatMap((line) => [line, between])).join(end);
      const bytes =
        encoded === 'utf16le'
          ? Buffer.from(`\uFEFF${text}`, 'utf16le')
          : Buffer.from(encoded === 'bom' ? `\uFEFF${text}` : text);
      writeFileSync(path, bytes);
      const items = await itemsOf('jsonl', path);
      expect(pairs(items).map(({ key, caption }) => [key, caption])).toEqual(
        written.map(({ image, caption }) => [image, caption]),
      );
      const expected = between === null || between.trim() === '' ? 0 : written.length;
      expect(items.filter(({ kind }) => kind === 'skipped')).toHaveLength(expected);
    }),
    { numRuns: 200 },
  );
});

test('whatever a file of JSON lines holds, it is read to its end or refused as bad input', async () => {
  const path = join(temporaryFolder(), 'any.jsonl');
  const value = fc.jsonValue({ maxDepth: 3 }).map((json) => JSON.stringify(json));
  const row = fc
    .record({
      image: fc.jsonValue({ maxDepth: 2 }),
      caption: fc.jsonValue({ maxDepth: 2 }),
      label: fc.jsonValue({ maxDepth: 1 }),
    })
    .map((json) => JSON.stringify(json));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(value, row, fc.string()), { maxLength: 8 }), async (lines) => {
      writeFileSync(path, lines.join('\n'));
      try {
        for (const item of await itemsOf('jsonl', path)) {
          if (item.kind === 'pair') expect(item.caption.trim()).not.toBe('');
        }
      } catch (error) {
        expect(error).toMatchObject({ kind: 'bad-input' });
      }
    }),
    { numRuns: 300 },
  );
});

test('what stands in place of a caption is said, and an empty one is called so', async () => {
  const folder = temporaryFolder();
  await savePicture(join(folder, 'a.png'), gradient(4, 4, 1));
  const path = join(folder, 'rows.jsonl');
  const captions = [
    'a dog',
    { en: 'a cat', score: 1 },
    true,
    [{ id: 7 }],
    {},
    '',
    [],
    null,
    [{ caption: 'a fox' }],
  ];
  writeFileSync(path, captions.map((caption) => JSON.stringify({ image: 'a.png', caption })).join('\n'));
  const items = await itemsOf('jsonl', path);
  expect(pairs(items).map(({ caption }) => caption)).toEqual(['a dog', 'a fox']);
  expect(items.flatMap((item) => (item.kind === 'skipped' ? [[item.row, item.reason]] : []))).toEqual([
    [2, "has an object without a text ('en', 'score') in place of a caption"],
    [3, 'has the value true in place of a caption'],
    [4, "has a list with an object without a text ('id') in place of a caption"],
    [5, 'has an empty object in place of a caption'],
    [6, 'has an empty caption'],
    [7, 'has an empty caption'],
    [8, 'has an empty caption'],
  ]);
});
