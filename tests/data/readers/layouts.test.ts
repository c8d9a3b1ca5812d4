import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { type ClassNames, noNames, readClassesFile, readNamesFile } from '#main/data/readers/class-names.ts';
import { lookAt } from '#main/data/readers/look.ts';
import { recognise } from '#main/data/readers/readers.ts';
import { gradient, savePicture, temporaryFolder } from '../picture-files.ts';
import { type Asked, readAs } from './read-as.ts';

let shade = 0;
async function pictures(folder: string, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    shade += 1;
    await savePicture(join(folder, key), gradient(6, 5, shade));
  }
}

function put(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** How a path is read by itself, what comes of it, and what is left out. */
async function read(path: string, asked: Asked = {}) {
  const options = { templates: ['a photo of a {}.'], names: noNames, ...asked };
  const readings = await recognise(await lookAt(path), options);
  const format = readings[0]?.format ?? 'csv';
  const items = await readAs(format, path, asked);
  const records = items.flatMap((item) => (item.kind === 'record' ? [item.record] : []));
  return {
    formats: readings.map((one) => one.format),
    rows: records.map(({ key, caption, label, split }) => [key, caption, label, split]),
    skipped: items.flatMap((item) => (item.kind === 'skipped' ? [item.skipped] : [])),
    records,
  };
}

test('dialects: tabs with quotes as text, semicolons, pipes, UTF-16, CRLF and byte order marks', async () => {
  const folder = temporaryFolder();
  await pictures(folder, 'a.png', 'b.png');
  const both = (text: (name: string, caption: string) => string) =>
    text('a.png', 'one') + text('b.png', 'two, 2');
  const expected = [
    ['a.png', 'one', null, 'train'],
    ['b.png', 'two, 2', null, 'train'],
  ];
  const tabs = put(folder, 'open-clip.csv', `filepath\ttitle\n${both((name, text) => `${name}\t${text}\n`)}`);
  expect((await read(tabs)).rows).toEqual(expected);
  const semicolons = put(
    folder,
    's.csv',
    `﻿file_name;text\r\n${both((name, text) => `${name};"${text}"\r\n`)}`,
  );
  expect((await read(semicolons)).rows).toEqual(expected);
  const pipes = put(
    folder,
    'results.csv',
    `image_name| comment_number| comment\n${both((name, text) => `${name}| 0|  ${text}\n`)}`,
  );
  expect((await read(pipes)).rows).toEqual(expected);
  for (const [name, swap] of [
    ['le.csv', false],
    ['be.csv', true],
  ] as const) {
    const bytes = Buffer.from(`﻿image,caption\n${both((file, text) => `${file},"${text}"\n`)}`, 'utf16le');
    expect((await read(put(folder, name, swap ? bytes.swap16() : bytes))).rows).toEqual(expected);
  }
  const quotes = put(
    folder,
    'q.tsv',
    'image\tcaption\na.png\t"open quote\nb.png\tsays "hi"\na.png\t"whole, ""field"""\nb.png\tend"\n',
  );
  expect((await read(quotes)).rows.map(([, caption]) => caption)).toEqual([
    '"open quote',
    'says "hi"',
    'whole, "field"',
    'end"',
  ]);
});

test("CC3M's own file and web addresses are named; a header-less table of pictures is read", async () => {
  const folder = temporaryFolder();
  await pictures(folder, 'a.png');
  const cc = put(folder, 'Train_GCC-training.tsv', 'a bus station\thttp://lh6.example/a.jpg\n');
  await expect(read(cc)).rejects.toMatchObject({
    kind: 'bad-input',
    message: expect.stringMatching(/without a header.*img2dataset/s),
  });
  const web = put(folder, 'web.csv', 'image,caption\nhttps://example.org/a.jpg,x\na.png,y\n');
  expect(await read(web)).toMatchObject({
    skipped: [{ row: 2, reason: expect.stringContaining('web address') }],
    rows: [['a.png', 'y', null, 'train']],
  });
  const plain = put(folder, 'plain.csv', 'a.png,first\na.png,second\n');
  expect((await read(plain)).rows.map(([, caption]) => caption)).toEqual(['first', 'second']);
});

test('paths written elsewhere: backslashes, %-codes, the other Unicode form, absolute paths of another machine', async () => {
  const folder = temporaryFolder();
  await pictures(folder, 'img/my dog.png', 'img/caf\u00e9.png');
  const path = put(
    folder,
    'paths.csv',
    'image,caption\nimg\\my dog.png,a\nimg/my%20dog.png,b\nimg/cafe\u0301.png,c\nE:\\data\\set\\img\\my dog.png,d\n/home/else/img/caf\u00e9.png,e\n',
  );
  const { rows, skipped } = await read(path);
  expect(skipped).toEqual([]);
  expect(rows.map(([key]) => key)).toEqual([
    'img/my dog.png',
    'img/my dog.png',
    'img/caf\u00e9.png',
    'img/my dog.png',
    'img/caf\u00e9.png',
  ]);
});

test('labels without captions: numbers stand for the names of a list', async () => {
  const folder = temporaryFolder();
  await pictures(folder, 'a.png', 'b.png');
  const path = put(folder, 'labels.csv', 'image,label\na.png,1\nb.png,0\n');
  const inOrder = await readClassesFile(
    put(
      folder,
      'classes.py',
      `{"classes": ["tench", 'hen "b"'], "templates": [lambda c: f'a photo of {c}']}`,
    ),
  );
  expect(inOrder).toEqual(['tench', 'hen "b"']);
  const names: ClassNames = { ...noNames, inOrder };
  expect((await read(path, { names })).rows).toEqual([
    ['a.png', 'a photo of a hen "b".', 'hen "b"', 'train'],
    ['b.png', 'a photo of a tench.', 'tench', 'train'],
  ]);
});

test.each([
  ['lines with spaces', 'names.txt', 'n01440764 tench, Tinca tinca\nn07753592\tbanana\n'],
  ['CSV with a header', 'names.csv', 'id,name\nn01440764,tench\nn07753592,"banana"\n'],
  ['JSON', 'names.json', '{"n01440764": "tench", "n07753592": "banana"}'],
  ["Keras's JSON", 'index.json', '{"0": ["n01440764", "tench"], "1": ["n07753592", "banana"]}'],
])('names of ids: %s', async (_, name, content) => {
  const names = await readNamesFile(put(temporaryFolder(), name, content));
  expect([names.get('n01440764'), names.get('n07753592')]).toEqual(['tench', 'banana']);
});

test('JSON lines and lists, captions as lists, splits in words', async () => {
  const folder = temporaryFolder();
  await pictures(folder, 'a.png', 'b.png');
  const lines = put(
    folder,
    'a.jsonl',
    '{"file_name":"a.png","text":["x","y"],"split":"dev"}\nnot json\n\n{"file_name":"b.png","text":"z"}',
  );
  expect(await read(lines)).toMatchObject({
    formats: ['jsonl'],
    rows: [
      ['a.png', 'x', null, 'validation'],
      ['a.png', 'y', null, 'validation'],
      ['b.png', 'z', null, 'train'],
    ],
    skipped: [{ row: 2, reason: 'is no object in JSON' }],
  });
  const list = put(folder, 'a.json', '[{"image":"b.png","caption":"q"}]');
  expect((await read(list)).rows).toEqual([['b.png', 'q', null, 'train']]);
});

test("captions beside pictures (img2dataset's files): lines are captions, shards no classes, boxes no captions", async () => {
  const folder = temporaryFolder();
  await pictures(folder, '00000/000000000.png', '00000/000000001.png', '00001/000000002.png');
  put(folder, '00000/000000000.txt', 'first\nsecond\n');
  put(folder, '00001/000000002.txt', 'third');
  put(folder, '00000/000000000.json', '{}');
  put(folder, '00000_stats.json', '{}');
  expect(await read(folder)).toMatchObject({
    formats: ['captions-beside'],
    rows: [
      ['00000/000000000.png', 'first', null, 'train'],
      ['00000/000000000.png', 'second', null, 'train'],
      ['00001/000000002.png', 'third', null, 'train'],
    ],
    skipped: [{ row: '00000/000000001.png', reason: expect.stringContaining('no caption') }],
  });
  const boxes = temporaryFolder();
  await pictures(boxes, 'cat/0.png', 'dog/1.png');
  put(boxes, 'cat/0.txt', '0 0.5 0.5 0.1 0.2\n');
  put(boxes, 'dog/1.txt', '1 0.5 0.5 0.1 0.2\n');
  expect((await read(boxes)).formats).toEqual(['class-folders']);
});

test('WebDataset tars are read in place, captions from txt or JSON, classes from cls, splits from names', async () => {
  const folder = temporaryFolder();
  await pictures(folder, 'w/s0.png', 'w/s1.png', 'w/s2.png');
  put(folder, 'w/s0.txt', 'from text');
  put(folder, 'w/s0.json', '{"caption":"not this"}');
  put(folder, 'w/s1.json', '{"caption":"from json"}');
  put(folder, 'w/s2.cls', '1');
  const long = `${'deep/'.repeat(30)}x`;
  await pictures(folder, `w/${long}.png`);
  put(folder, `w/${long}.txt`, 'long name');
  const tars = temporaryFolder();
  const pack = (name: string, format: string, ...members: string[]) =>
    execFileSync('tar', [`--format=${format}`, '-cf', join(tars, name), ...members], {
      cwd: join(folder, 'w'),
    });
  pack('train-000.tar', 'gnu', 's0.json', 's0.png', 's0.txt', `${long}.png`, `${long}.txt`);
  pack('val-000.tar', 'pax', 's1.png', 's1.json', 's2.cls', 's2.png');
  const { formats, rows, records } = await read(tars, { names: { ...noNames, inOrder: ['cat', 'dog'] } });
  expect(formats).toEqual(['webdataset']);
  expect(rows).toEqual([
    ['train-000.tar/s0.png', 'from text', null, 'train'],
    [`train-000.tar/${long}.png`, 'long name', null, 'train'],
    ['val-000.tar/s1.png', 'from json', null, 'validation'],
    ['val-000.tar/s2.png', 'a photo of a dog.', 'dog', 'validation'],
  ]);
  expect(
    records.every(({ width, height, source }) => width === 6 && height === 5 && source?.kind === 'tar'),
  ).toBe(true);
  const others = temporaryFolder();
  const also = (name: string, ...members: string[]) =>
    execFileSync('tar', ['--hard-dereference', '-cf', join(others, name), ...members], {
      cwd: join(folder, 'w'),
    });
  await pictures(folder, 'w/22.05.png', 'w/22.06.png', 'w/3.image.png');
  for (const name of ['22.05.txt', '22.06.txt', '3.caption.txt']) put(folder, `w/${name}`, name);
  put(folder, 'w/4.cls', Buffer.from([5, 0, 0, 0]));
  await pictures(folder, 'w/4.png');
  symlinkSync('s0.png', join(folder, 'w/9.png'));
  put(folder, 'w/9.txt', 'nine');
  put(folder, 'w/s1.cls', '3');
  put(folder, 'w/s1.json', '{"class_name":"dog"}');
  also(
    'a.tar',
    's0.png',
    's1.png',
    's1.cls',
    's0.txt',
    's1.json',
    '22.05.png',
    '22.06.txt',
    '22.06.png',
    '22.05.txt',
  );
  also('b.tar', '4.png', '4.cls', '3.image.png', '3.caption.txt', '3.image.png', '9.png', '9.txt');
  expect(await read(others)).toMatchObject({
    rows: [
      ['a.tar/s0.png', 'from text', null, 'train'],
      ['a.tar/s1.png', 'a photo of a dog.', 'dog', 'train'],
      ['a.tar/22.05.png', '22.05.txt', null, 'train'],
      ['a.tar/22.06.png', '22.06.txt', null, 'train'],
      ['b.tar/3.image.png', '3.caption.txt', null, 'train'],
    ],
    skipped: [
      { row: 'b.tar/4', reason: expect.stringContaining('no text') },
      { row: 'b.tar/3.image.png', reason: expect.stringContaining('twice') },
      { row: 'b.tar/9', reason: expect.stringMatching(/link to s0\.png .* --dereference/) },
    ],
  });
  const whole = readFileSync(join(tars, 'val-000.tar'));
  writeFileSync(join(tars, 'val-000.tar'), whole.subarray(0, 1400));
  expect((await read(tars)).skipped.map(({ reason }) => reason).join()).toMatch(/cut short/);
});

test("Parquet with Hugging Face's class names, lists of captions and splits in file names", async () => {
  const folder = temporaryFolder();
  await pictures(folder, 'p/0.png', 'p/1.png');
  const bytes = [0, 1].map((at) => readFileSync(join(folder, `p/${at}.png`)));
  const features = {
    info: { features: { label: { names: ['cat', 'dog'], _type: 'ClassLabel' }, image: { _type: 'Image' } } },
  };
  const write = (name: string) =>
    put(
      folder,
      name,
      new Uint8Array(
        parquetWriteBuffer({
          columnData: [
            { name: 'image', data: bytes, type: 'BYTE_ARRAY' },
            { name: 'label', data: [1, 0], type: 'INT32' },
          ],
          kvMetadata: [{ key: 'huggingface', value: JSON.stringify(features) }],
        }),
      ),
    );
  write('hf/data/train-00000-of-00001.parquet');
  write('hf/data/test-00000-of-00001.parquet');
  expect(await read(join(folder, 'hf'))).toMatchObject({
    formats: ['parquet'],
    rows: [
      ['data/test-00000-of-00001.parquet/000000.png', 'a photo of a dog.', 'dog', 'test'],
      ['data/test-00000-of-00001.parquet/000001.png', 'a photo of a cat.', 'cat', 'test'],
      ['data/train-00000-of-00001.parquet/000000.png', 'a photo of a dog.', 'dog', 'train'],
      ['data/train-00000-of-00001.parquet/000001.png', 'a photo of a cat.', 'cat', 'train'],
    ],
  });
  const table = (
    name: string,
    columnData: { name: string; data: unknown[]; type: 'STRING' | 'BYTE_ARRAY' }[],
  ) => put(folder, name, new Uint8Array(parquetWriteBuffer({ columnData })));
  const text = { name: 'text', data: ['x', 'y'], type: 'STRING' as const };
  table('paths/all.parquet', [{ name: 'filepath', data: ['0.png', '../p/1.png'], type: 'STRING' }, text]);
  await pictures(folder, 'paths/0.png');
  expect(await read(join(folder, 'paths'))).toMatchObject({
    formats: ['parquet'],
    rows: [
      ['0.png', 'x', null, 'train'],
      ['../p/1.png', 'y', null, 'train'],
    ],
  });
  const [conditions, image] = [bytes, [null, bytes[1]]];
  table('two/a.parquet', [
    { name: 'conditioning', data: conditions, type: 'BYTE_ARRAY' },
    { name: 'image', data: image, type: 'BYTE_ARRAY' },
    text,
  ]);
  expect(await read(join(folder, 'two'))).toMatchObject({
    formats: ['parquet'],
    rows: [['a.parquet/000001.png', 'y', null, 'train']],
    skipped: [{ row: 'a.parquet row 1', reason: 'names no picture' }],
  });
});

test("Hugging Face folders with metadata, at the top or in each split's folder", async () => {
  const folder = temporaryFolder();
  await pictures(folder, 'train/a.png', 'test/b.png');
  put(folder, 'train/metadata.csv', 'file_name,text\na.png,one\n');
  put(folder, 'test/metadata.jsonl', '{"file_name":"b.png","text":"two"}\n');
  expect(await read(folder)).toMatchObject({
    formats: ['metadata-folder'],
    rows: [
      ['test/b.png', 'two', null, 'test'],
      ['train/a.png', 'one', null, 'train'],
    ],
  });
});

test("COCO's captions find their pictures beside the annotations; Karpathy's restval is training", async () => {
  const folder = temporaryFolder();
  await pictures(folder, 'val2017/000000000001.png', 'val2017/000000000002.png');
  const json = {
    images: [1, 2].map((id) => ({ id, file_name: `00000000000${id}.png` })),
    annotations: [1, 2, 1].map((image_id, at) => ({ image_id, id: at, caption: `caption ${at}` })),
  };
  const path = put(folder, 'annotations/captions_val2017.json', JSON.stringify(json));
  const expected = [
    ['val2017/000000000001.png', 'caption 0', null, 'validation'],
    ['val2017/000000000001.png', 'caption 2', null, 'validation'],
    ['val2017/000000000002.png', 'caption 1', null, 'validation'],
  ];
  expect(await read(path)).toMatchObject({ formats: ['coco'], rows: expected });
  expect(await read(folder)).toMatchObject({ formats: ['coco'], rows: expected });
  const karpathy = {
    dataset: 'coco',
    images: [
      { filepath: 'val2017', filename: '000000000001.png', split: 'restval', sentences: [{ raw: 'k' }] },
    ],
  };
  expect((await read(put(folder, 'dataset_coco.json', JSON.stringify(karpathy)))).rows).toEqual([
    ['val2017/000000000001.png', 'k', null, 'train'],
  ]);
});

test("Flickr's token file, with the lists of its splits", async () => {
  const folder = temporaryFolder();
  await pictures(folder, 'Flicker8k_Dataset/1.png', 'Flicker8k_Dataset/2.png');
  put(folder, 'Flickr8k.token.txt', '1.png#0\tA dog .\n1.png#1\tA cat, "x\n2.png#0\tA man .\n');
  put(folder, 'Flickr_8k.testImages.txt', '2.png\n');
  expect(await read(folder)).toMatchObject({
    formats: ['flickr-tokens'],
    rows: [
      ['Flicker8k_Dataset/1.png', 'A dog .', null, 'train'],
      ['Flicker8k_Dataset/1.png', 'A cat, "x', null, 'train'],
      ['Flicker8k_Dataset/2.png', 'A man .', null, 'test'],
    ],
  });
});

test('CIFAR-10 and CIFAR-100 binaries, and the Python version named', async () => {
  const ten = temporaryFolder();
  const record = (labels: number[], value: number) =>
    Buffer.from([...labels, ...new Array(3072).fill(value)]);
  put(ten, 'data_batch_1.bin', Buffer.concat([record([1], 7), record([0], 9)]));
  put(ten, 'test_batch.bin', record([1], 3));
  put(ten, 'batches.meta.txt', 'airplane\nautomobile\n\n');
  const found = await read(ten);
  expect(found).toMatchObject({
    formats: ['cifar'],
    rows: [
      ['data_batch_1.bin/00000.png', 'a photo of a automobile.', 'automobile', 'train'],
      ['data_batch_1.bin/00001.png', 'a photo of a airplane.', 'airplane', 'train'],
      ['test_batch.bin/00000.png', 'a photo of a automobile.', 'automobile', 'test'],
    ],
  });
  const hundred = temporaryFolder();
  put(hundred, 'train.bin', record([4, 1], 5));
  put(hundred, 'fine_label_names.txt', 'apple\naquarium_fish\n');
  expect((await read(hundred)).rows).toEqual([
    ['train.bin/00000.png', 'a photo of a aquarium fish.', 'aquarium fish', 'train'],
  ]);
  const pickled = temporaryFolder();
  put(pickled, 'data_batch_1', 'x');
  await expect(read(pickled)).rejects.toThrow(/binary version/);
});

test('splits in any case; a split beside many folders is asked about; links to folders are followed', async () => {
  const folder = temporaryFolder();
  await pictures(folder, 'Training/glioma/0.png', 'Testing/glioma/1.png', 'Testing/pituitary/2.png');
  expect(await read(folder)).toMatchObject({ formats: ['split-folders'], skipped: [] });
  expect((await read(folder)).rows.map(([, , label, split]) => [label, split])).toEqual([
    ['glioma', 'test'],
    ['pituitary', 'test'],
    ['glioma', 'train'],
  ]);
  const mixed = temporaryFolder();
  await pictures(mixed, 'train/engine/0.png', 'bus/1.png', 'car/2.png', 'ship/3.png');
  expect((await read(mixed)).formats).toEqual(['class-folders', 'split-folders']);
  const linked = temporaryFolder();
  await pictures(linked, 'store/cat/0.png', 'store/dog/1.png');
  mkdirSync(join(linked, 'linked'));
  for (const name of ['cat', 'dog']) symlinkSync(`../store/${name}`, join(linked, 'linked', name));
  symlinkSync('..', join(linked, 'linked', 'cat', 'up'));
  const { rows, skipped } = await read(join(linked, 'linked'));
  expect(rows.map(([key, , label]) => [key, label])).toContainEqual(['cat/0.png', 'cat']);
  expect(rows.map(([key, , label]) => [key, label])).toContainEqual(['dog/1.png', 'dog']);
  expect(skipped.length).toBeLessThan(10);
});
