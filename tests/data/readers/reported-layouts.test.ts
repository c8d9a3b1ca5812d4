import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findNames, noNames } from '#main/data/readers/class-names.ts';
import { lookAt } from '#main/data/readers/look.ts';
import { recognise, unknownFormat } from '#main/data/readers/readers.ts';
import { gradient, savePicture, temporaryFolder } from '../picture-files.ts';
import { readAs } from './read-as.ts';

/** A layout as people have it: its files (text, or null for a picture), and what comes of it. */
interface Layout {
  files: Record<string, string | null>;
  /** Symbolic links with what they lead to. */
  links?: Record<string, string>;
  /** What is imported, below the folder; left out: the folder. */
  path?: string;
  /** The format, or the formats where it must be asked. */
  format: string | string[];
  /** key | caption | class | split */
  rows: string[];
  /** Rows that are left out. */
  left?: number;
}

const made = (label: string) => `a photo of a ${label}.`;

const layouts: Record<string, Layout> = {
  'a column ImagePath and one alt': {
    files: { 'a.png': null, 'd.csv': 'id,ImagePath,alt\n1,a.png,x\n' },
    format: 'csv',
    rows: ['a.png | x | - | train'],
  },
  'img_name, captions, category and set': {
    files: { 'a.png': null, 'd.csv': 'img_name,captions,category,set\na.png,x,dog,Testing\n' },
    format: 'csv',
    rows: ['a.png | x | dog | test'],
  },
  'names without a suffix, in another case, with %-codes and as file:// addresses': {
    files: {
      'img/A.PNG': null,
      'img/b c.jpg': null,
      'd.csv': 'image,caption\nimg/a,x\nimg/a.png,y\nimg/b%20c.jpg,z\nfile://./img/b%20c.jpg,w\n',
    },
    format: 'csv',
    rows: [
      'img/A.PNG | x | - | train',
      'img/A.PNG | y | - | train',
      'img/b c.jpg | z | - | train',
      'img/b c.jpg | w | - | train',
    ],
  },
  'captions first, no header': {
    files: { 'a.png': null, 'd.tsv': 'one dog\ta.png\n' },
    path: 'd.tsv',
    format: 'csv',
    rows: ['a.png | one dog | - | train'],
  },
  'no header and a split': {
    files: { 'a.png': null, 'd.csv': 'a.png,one,train\na.png,two,TEST\n' },
    path: 'd.csv',
    format: 'csv',
    rows: ['a.png | one | - | train', 'a.png | two | - | test'],
  },
  "Kaggle's Flickr8k: Images/ and captions.txt": {
    files: { 'Images/1.jpg': null, 'captions.txt': 'image,caption\n1.jpg,A dog\n1.jpg,"A dog, brown"\n' },
    format: 'csv',
    rows: ['Images/1.jpg | A dog | - | train', 'Images/1.jpg | A dog, brown | - | train'],
  },
  'splits that hold themselves again': {
    files: { 'training_set/training_set/cats/1.png': null, 'test_set/test_set/cats/2.png': null },
    format: 'split-folders',
    rows: [
      `test_set/test_set/cats/2.png | ${made('cats')} | cats | test`,
      `training_set/training_set/cats/1.png | ${made('cats')} | cats | train`,
    ],
  },
  'splits in capitals inside images/': {
    files: { 'images/TRAIN/a/1.png': null, 'images/VALID/a/2.png': null, 'images/Holdout/a/3.png': null },
    format: 'split-folders',
    rows: [
      `Holdout/a/3.png | ${made('a')} | a | test`,
      `TRAIN/a/1.png | ${made('a')} | a | train`,
      `VALID/a/2.png | ${made('a')} | a | validation`,
    ],
  },
  'a class named train among classes': {
    files: { 'train/1.png': null, 'bus/2.png': null },
    format: 'class-folders',
    rows: [`bus/2.png | ${made('bus')} | bus | train`, `train/1.png | ${made('train')} | train | train`],
  },
  'one split among classes must be asked': {
    files: { 'train/cat/1.png': null, 'cat/2.png': null, 'dog/3.png': null },
    format: ['class-folders', 'split-folders'],
    rows: [
      `cat/2.png | ${made('cat')} | cat | train`,
      `dog/3.png | ${made('dog')} | dog | train`,
      `train/cat/1.png | ${made('train')} | train | train`,
    ],
  },
  'CUB: classes in images/, other folders without pictures': {
    files: { 'CUB/images/001.A/1.png': null, 'CUB/images/002.B/2.png': null, 'CUB/attributes/x.txt': '1' },
    format: 'class-folders',
    rows: [
      `001.A/1.png | ${made('001.A')} | 001.A | train`,
      `002.B/2.png | ${made('002.B')} | 002.B | train`,
    ],
  },
  'a link to the folder above is no class': {
    files: { 'cat/1.png': null, 'dog/2.png': null },
    links: { 'cat/up': '..' },
    format: 'class-folders',
    rows: [`cat/1.png | ${made('cat')} | cat | train`, `dog/2.png | ${made('dog')} | dog | train`],
    left: 1,
  },
  'captions in .caption, .TXT and a folder of captions': {
    files: {
      'images/a.png': null,
      'images/b.png': null,
      'images/c.png': null,
      'images/a.caption': 'one',
      'images/b.TXT': 'two\nthree',
      'captions/c.txt': 'four',
    },
    format: 'captions-beside',
    rows: [
      'images/a.png | one | - | train',
      'images/b.png | two | - | train',
      'images/b.png | three | - | train',
      'images/c.png | four | - | train',
    ],
  },
  "img2dataset's files with captions in .json alone": {
    files: { '00000/0.jpg': null, '00000/0.json': '{"caption":"real","url":"http://x/y.jpg"}' },
    format: 'captions-beside',
    rows: ['00000/0.jpg | real | - | train'],
  },
  'a folder with one JSON lines file': {
    files: {
      'a.png': null,
      'd.jsonl': '{"image":"a.png","text":["one","two"]}\n{"image":"a.png","caption":"three"}\n',
    },
    format: 'jsonl',
    rows: ['a.png | one | - | train', 'a.png | two | - | train', 'a.png | three | - | train'],
  },
  'a list inside an object, and conversations': {
    files: {
      'a.png': null,
      'd.json': JSON.stringify({
        version: 1,
        data: [
          {
            image: 'a.png',
            conversations: [
              { from: 'human', value: 'what?' },
              { from: 'gpt', value: 'a dog' },
            ],
          },
        ],
      }),
    },
    path: 'd.json',
    format: 'jsonl',
    rows: ['a.png | a dog | - | train'],
  },
};

let shade = 0;
async function lay({ files, links = {} }: Layout): Promise<string> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    shade += 1;
    if (text === null) await savePicture(path, gradient(6, 5, shade));
    else writeFileSync(path, text);
  }
  for (const [name, to] of Object.entries(links)) symlinkSync(to, join(folder, name));
  return folder;
}

test.each(Object.entries(layouts))('%s', async (_, layout) => {
  const path = join(await lay(layout), layout.path ?? '');
  const options = { templates: ['a photo of a {}.'], names: noNames };
  const readings = await recognise(await lookAt(path), options);
  expect(readings.map(({ format }) => format)).toEqual([layout.format].flat());
  const items = await readAs(readings[0]!.format, path);
  const rows = items.flatMap((item) =>
    item.kind !== 'record'
      ? []
      : [[item.record.key, item.record.caption, item.record.label ?? '-', item.record.split].join(' | ')],
  );
  expect(rows).toEqual(layout.rows);
  expect(items.filter(({ kind }) => kind === 'skipped')).toHaveLength(layout.left ?? 0);
});

test('splits without classes and captions are refused with what is missing', async () => {
  const path = await lay({ files: { 'train/a.png': null, 'test/b.png': null }, format: [], rows: [] });
  const looked = await lookAt(path);
  expect(await recognise(looked, { templates: ['{}'], names: noNames })).toEqual([]);
  expect(unknownFormat(looked).message).toMatch(/test and train in .* no folder of a class inside/);
});

test("ImageNet's and the reference's files of names beside the data are found", async () => {
  const folder = await lay({
    files: { 'LOC_synset_mapping.txt': 'n01440764 tench, Tinca tinca\nn07753592 banana\n' },
    format: [],
    rows: [],
  });
  expect((await findNames(folder))?.byId.get('n01440764')).toBe('tench');
  const reference = await lay({
    files: { 'classes.py': '{"classes": ["tench", "goldfish"]}' },
    format: [],
    rows: [],
  });
  expect(await findNames(reference)).toMatchObject({ inOrder: ['tench', 'goldfish'], found: 'classes.py' });
  expect(await findNames(temporaryFolder())).toBeNull();
});
