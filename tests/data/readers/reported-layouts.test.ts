import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { checkPairs } from '#main/data/importing/check-pairs.ts';
import { findNames, noNames } from '#main/data/readers/class-names.ts';
import { lookAt } from '#main/data/readers/look.ts';
import { readers, recognise, unknownFormat } from '#main/data/readers/readers.ts';
import { collect, gradient, savePicture, temporaryFolder } from '../picture-files.ts';

/** A layout as people have it: its files (text, bytes, or null for a picture), and what comes of it. */
interface Layout {
  files: Record<string, string | Uint8Array | null>;
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
  /** Kinds of notes that must be among those given. */
  notes?: string[];
}

const coco = (name: string, id: number, caption: string) =>
  JSON.stringify({
    images: [{ id, file_name: name }],
    annotations: [{ image_id: id, caption }],
  });

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
  'captions in several columns': {
    files: { 'a.png': null, 'd.csv': 'image,caption_1,caption_2\na.png,one,two\na.png,three,\n' },
    format: 'csv',
    rows: ['a.png | one | - | train', 'a.png | two | - | train', 'a.png | three | - | train'],
    notes: ['columns'],
  },
  'lists of captions in a cell, as JSON, Python and NumPy write them': {
    files: {
      'a.png': null,
      'd.csv': `filename,raw\na.png,"[""one"", ""it's two""]"\na.png,"['three', ""four's""]"\na.png,"['five' 'six']"\na.png,[seven]\n`,
    },
    format: 'csv',
    rows: ['one', "it's two", 'three', "four's", 'five', 'six', '[seven]'].map(
      (caption) => `a.png | ${caption} | - | train`,
    ),
    notes: ['columns'],
  },
  'a packed table, and UTF-16 without a mark': {
    files: {
      'a.png': null,
      'train.csv.gz': gzipSync('image,caption\na.png,one\n'),
      'test.csv': Buffer.from('image,caption\na.png,zwei\n', 'utf16le'),
    },
    format: 'csv',
    rows: ['a.png | zwei | - | test', 'a.png | one | - | train'],
    notes: ['several-files', 'splits'],
  },
  "Excel's first line, and comments before the header": {
    files: { 'a.png': null, 'd.csv': 'sep=;\n# made by a tool\nimage;caption\na.png;one, two\n' },
    format: 'csv',
    rows: ['a.png | one, two | - | train'],
  },
  'names and numbers of classes, and a caption that is not read': {
    files: { 'a.png': null, 'd.csv': 'image,title,description,label,class_name\na.png,t,d,3,dog\n' },
    format: 'csv',
    rows: ['a.png | t | dog | train'],
    notes: ['columns'],
  },
  'a header and spaces': {
    files: { 'a.png': null, 'b.png': null, 'd.txt': 'image caption\na.png red\nb.png a cat\n' },
    path: 'd.txt',
    format: 'path-list',
    rows: ['a.png | red | - | train', 'b.png | a cat | - | train'],
  },
  'a name that lies in several folders is chosen by the split, and never by chance': {
    files: {
      'train/1.png': null,
      'val/1.png': null,
      'd.csv': 'image,caption,split\n1.png,a,train\n1.png,b,val\n1.png,c,test\n',
    },
    path: 'd.csv',
    format: 'csv',
    rows: ['train/1.png | a | - | train', 'val/1.png | b | - | validation'],
    left: 1,
  },
  'JSON by the names of pictures': {
    files: { 'a.png': null, 'd.json': '{"a.png": ["one", "two"]}' },
    path: 'd.json',
    format: 'jsonl',
    rows: ['a.png | one | - | train', 'a.png | two | - | train'],
  },
  'JSON with a list for each split, and captions word by word': {
    files: {
      'a.png': null,
      'd.json': JSON.stringify({
        info: {},
        data: {
          train: [{ image: 'a.png', captions: [['a', 'red', 'dog'], 'two'] }],
          val: [{ image: 'a.png', captions: ['three'] }],
        },
      }),
    },
    path: 'd.json',
    format: 'jsonl',
    rows: ['a.png | a red dog | - | train', 'a.png | two | - | train', 'a.png | three | - | validation'],
  },
  'a file of JSON lines for each split': {
    files: {
      'a.png': null,
      'train.jsonl': '{"images":["a.png"],"caption":"x"}\n',
      'test.jsonl': '{"images":["a.png","a.png"],"caption":"y"}\n{"images":["a.png"],"caption":"z"}\n',
    },
    format: 'jsonl',
    rows: ['a.png | z | - | test', 'a.png | x | - | train'],
    left: 1,
    notes: ['several-files'],
  },
  'splits with other words around them': {
    files: { 'train_images/cat/1.png': null, 'test2017/cat/2.png': null },
    format: 'split-folders',
    rows: [
      `test2017/cat/2.png | ${made('cat')} | cat | test`,
      `train_images/cat/1.png | ${made('cat')} | cat | train`,
    ],
  },
  'splits that the name of the data stands before': {
    files: { 'imagenet-train/cat/1.png': null, 'imagenet-val/cat/2.png': null },
    format: 'split-folders',
    rows: [
      `imagenet-train/cat/1.png | ${made('cat')} | cat | train`,
      `imagenet-val/cat/2.png | ${made('cat')} | cat | validation`,
    ],
  },
  'classes with the word of a split in their name': {
    files: { 'train_station/a/1.png': null, 'test_tube/b/2.png': null },
    format: 'class-folders',
    rows: [
      `test_tube/b/2.png | ${made('test_tube')} | test_tube | train`,
      `train_station/a/1.png | ${made('train_station')} | train_station | train`,
    ],
    notes: ['folders-no-classes'],
  },
  'folders that wrap each other (EuroSAT), with other files beside': {
    files: { 'EuroSAT/2750/Forest/1.jpg': null, 'EuroSAT/2750/River/2.jpg': null, 'LICENSE.txt': 'x' },
    format: 'class-folders',
    rows: [
      `Forest/1.jpg | ${made('Forest')} | Forest | train`,
      `River/2.jpg | ${made('River')} | River | train`,
    ],
    notes: ['other-files'],
  },
  "Tiny ImageNet's validation pictures have their classes in a text": {
    files: {
      'train/n01443537/images/1.png': null,
      'val/images/2.png': null,
      'val/images/3.png': null,
      'val/val_annotations.txt': '2.png\tn01443537\t0\t32\t44\t62\n',
    },
    format: 'split-folders',
    rows: [
      `train/n01443537/images/1.png | ${made('n01443537')} | n01443537 | train`,
      `val/images/2.png | ${made('n01443537')} | n01443537 | validation`,
    ],
    left: 1,
  },
  'texts with the whole name of their picture, splits below a folder, UTF-16': {
    files: {
      'data/train/a.png': null,
      'data/train/a.png.txt': 'one',
      'data/val2017/b.png': null,
      'data/val2017/b.txt': Buffer.from('\uFEFFdéjà', 'utf16le'),
    },
    format: 'captions-beside',
    rows: ['data/train/a.png | one | - | train', 'data/val2017/b.png | déjà | - | validation'],
    notes: ['splits'],
  },
  'texts beside few of the pictures are named': {
    files: { 'x/a.png': null, 'x/a.txt': 'one', 'x/b.png': null, 'x/c.png': null },
    format: 'class-folders',
    rows: ['a', 'b', 'c'].map((name) => `x/${name}.png | ${made('x')} | x | train`),
    left: 1,
    notes: ['captions-not-read'],
  },
  'texts in Latin-1 are named': {
    files: { 'x/a.png': null, 'x/a.txt': Buffer.from('café', 'latin1') },
    format: 'captions-beside',
    rows: ['x/a.png | caf\uFFFD | - | train'],
    notes: ['unreadable-text'],
  },
  "VizWiz: COCO's form under other names, the same names in every split": {
    files: {
      'train/1.png': null,
      'val/1.png': null,
      'annotations/train.json': coco('1.png', 1, 'A'),
      'annotations/val.json': coco('1.png', 2, 'B'),
      'annotations/test.json': '{"images":[{"id":3,"file_name":"1.png"}]}',
    },
    format: 'coco',
    rows: ['train/1.png | A | - | train', 'val/1.png | B | - | validation'],
    left: 1,
  },
  "COCO's form in a folder's captions.json, with lists of captions": {
    files: {
      'images/a.png': null,
      'captions.json': JSON.stringify({
        images: [{ id: 1, file_name: 'a.png' }],
        annotations: [{ image_id: 1, caption: ['one', 'two'] }],
      }),
    },
    format: 'coco',
    rows: ['images/a.png | one | - | train', 'images/a.png | two | - | train'],
  },
  'numbers of pictures that lie in a folder': {
    files: { 'images/12.jpg': null, 'images/12a.jpg': null, 'd.csv': 'image_id,caption,is_train\n12,x,0\n' },
    path: 'd.csv',
    format: 'csv',
    rows: ['images/12.jpg | x | - | train'],
    notes: ['path-repaired', 'columns'],
  },
  'Hugging Face folders below a folder': {
    files: {
      'data/train/a.png': null,
      'data/train/metadata.csv': 'file_name,text\na.png,x\n',
      'data/test/b.png': null,
      'data/test/metadata.jsonl': '{"file_name":"b.png","text":"y"}\n',
    },
    format: 'metadata-folder',
    rows: ['data/test/b.png | y | - | test', 'data/train/a.png | x | - | train'],
  },
  'no header: an index, a picture, a caption and a class': {
    files: { 'a.png': null, 'd.tsv': '1\ta.png\ta dog\tdog\n' },
    format: 'csv',
    rows: ['a.png | a dog | dog | train'],
    notes: ['no-header'],
  },
  'quotes behind spaces': {
    files: { 'a.png': null, 'd.csv': '"image", "caption"\n"a.png", "a dog, brown"\na.png, says "hi"\n' },
    format: 'csv',
    rows: ['a.png | a dog, brown | - | train', 'a.png |  says "hi" | - | train'],
  },
  'no header in a text with commas': {
    files: { 'a.png': null, 'train.txt': 'a.png,a dog\n' },
    format: 'csv',
    rows: ['a.png | a dog | - | train'],
    notes: ['no-header'],
  },
  'Intel: splits that hold themselves under a name of two words': {
    files: { 'seg_train/seg_train/sea/1.png': null, 'seg_test/seg_test/sea/2.png': null },
    format: 'split-folders',
    rows: [
      `seg_test/seg_test/sea/2.png | ${made('sea')} | sea | test`,
      `seg_train/seg_train/sea/1.png | ${made('sea')} | sea | train`,
    ],
  },
  'no header: a number behind the picture is its class': {
    files: { 'a.png': null, 'd.csv': 'a.png,3\n' },
    format: 'csv',
    rows: [`a.png | ${made('3')} | 3 | train`],
    notes: ['no-header'],
  },
  "pandas' header and index of a table without names": {
    files: { 'a.png': null, 'd.csv': ',0,1\n0,a.png,a cat\n' },
    format: 'csv',
    rows: ['a.png | a cat | - | train'],
    notes: ['no-header'],
  },
  'folds are no splits, and a path counts more than an address': {
    files: { 'a.png': null, 'd.csv': 'url,local_path,caption,fold\nhttp://x/a.png,a.png,one,2\n' },
    format: 'csv',
    rows: ['a.png | one | - | train'],
    notes: ['columns'],
  },
  'paths from a folder above, and pictures written into the table': {
    files: {
      'set/a.png': null,
      'set/d.csv': `image,caption\nset/a.png,one\n"data:image/png;base64,iVBORw0KGgo",two\n${'x'.repeat(5000)},three\n`,
    },
    path: 'set',
    format: 'csv',
    rows: ['a.png | one | - | train'],
    left: 2,
    notes: ['path-repaired'],
  },
  "Kaggle's Flickr30k in its folder of one folder, without a question": {
    files: {
      'f/images/1.jpg': null,
      'f/results.csv': 'image_name| comment_number| comment\n1.jpg| 0| Two men .\n1.jpg| 1   A dog .\n',
    },
    format: 'csv',
    rows: ['images/1.jpg | Two men . | - | train'],
    left: 1,
  },
  'a table that is not read is named': {
    files: { 'train/a.png': null, 'train.csv': 'image,label\na.png,dog\n', 'test.csv': 'image\nb.png\n' },
    format: 'csv',
    rows: [`train/a.png | ${made('dog')} | dog | train`],
    notes: ['other-files'],
  },
  'JSON by column and row, as pandas writes it': {
    files: { 'a.png': null, 'd.json': '{"image":{"0":"a.png","5":"a.png"},"caption":{"0":"one","5":"two"}}' },
    format: 'jsonl',
    rows: ['a.png | one | - | train', 'a.png | two | - | train'],
  },
  'JSON by number, and a list of lists': {
    files: {
      'a.png': null,
      'train.json': '{"7":{"image":"a.png","caption":"one"}}',
      'test.json': '[["a.png","two"]]',
    },
    format: 'jsonl',
    rows: ['a.png | two | - | test', 'a.png | one | - | train'],
  },
  'an object alone, with a class in an object': {
    files: { 'a.png': null, 'd.json': '{"image":"a.png","caption":"one","category":{"id":1,"name":"dog"}}' },
    format: 'jsonl',
    rows: ['a.png | one | dog | train'],
  },
  'lines of which the first lacks a picture, with NaN, several classes and a chat': {
    files: {
      'a.png': null,
      'd.jsonl': [
        '{"caption":"zero"}',
        '{"image":"a.png","caption":"a NaN","score":NaN,"label":["dog"]}',
        '{"image":"a.png","caption":"two","label":["dog","cat"]}',
        '{"images":["a.png"],"messages":[{"role":"user","content":"what?"},{"role":"assistant","content":"three"}]}',
      ].join('\n'),
    },
    format: 'jsonl',
    rows: ['a.png | a NaN | dog | train', 'a.png | two | - | train', 'a.png | three | - | train'],
    left: 1,
    notes: ['columns'],
  },
  'ImageNet-100 in parts: splits that hold the same classes': {
    files: {
      'train.X1/n01440764/1.png': null,
      'train.X2/n07753592/2.png': null,
      'val.X/n01440764/3.png': null,
    },
    format: 'split-folders',
    rows: [
      `train.X1/n01440764/1.png | ${made('n01440764')} | n01440764 | train`,
      `train.X2/n07753592/2.png | ${made('n07753592')} | n07753592 | train`,
      `val.X/n01440764/3.png | ${made('n01440764')} | n01440764 | validation`,
    ],
  },
  "Kaggle's ImageNet: the classes of val/ in a table above it": {
    files: {
      'I/Data/train/n01440764/1.JPEG': null,
      'I/Data/val/v2.JPEG': null,
      'I/Sets/x.txt': 'x',
      'LOC_val_solution.csv': 'ImageId,PredictionString\nv2,n01440764 1 2 3 4\n',
    },
    format: 'split-folders',
    rows: [
      `train/n01440764/1.JPEG | ${made('n01440764')} | n01440764 | train`,
      `val/v2.JPEG | ${made('n01440764')} | n01440764 | validation`,
    ],
  },
  'a folder without pictures is no class, which is said': {
    files: { 'dog/1.png': null, 'cat/readme.md': 'x', '@eaDir/2.png': null },
    format: 'class-folders',
    rows: [`dog/1.png | ${made('dog')} | dog | train`],
    left: 1,
    notes: ['other-files'],
  },
  'one metadata file for several splits; what it does not list, and a second one, are named': {
    files: {
      'train/a.png': null,
      'test/b.png': null,
      'test/c.png': null,
      'metadata.csv': 'file_name,text\ntrain/a.png,x\ntest/b.png,y\n',
      'metadata.jsonl': '{}',
    },
    format: 'metadata-folder',
    rows: ['train/a.png | x | - | train', 'test/b.png | y | - | test'],
    notes: ['splits', 'other-files'],
  },
  "Flickr8k's two archives side by side": {
    files: {
      'Flicker8k_Dataset/1.jpg': null,
      'Flickr8k_text/Flickr8k.token.txt': '1.jpg#0\tA dog .\n',
      'Flickr8k_text/Flickr_8k.testImages.txt': '1.jpg\n',
    },
    format: 'flickr-tokens',
    rows: ['Flicker8k_Dataset/1.jpg | A dog . | - | test'],
  },
  'captions of CelebA-HQ in a folder of their own, one without a picture': {
    files: {
      'images/0.jpg': null,
      'celeba-caption/0.txt': 'one\ntwo',
      'celeba-caption/1.txt': 'three',
    },
    format: 'captions-beside',
    rows: ['images/0.jpg | one | - | train', 'images/0.jpg | two | - | train'],
    notes: ['captions-not-read'],
  },
  'COCO with addresses for names, and a caption of no picture': {
    files: {
      'val2017/1.png': null,
      'nocaps_val_captions.json': JSON.stringify({
        images: [{ id: 1, coco_url: 'http://x/val2017/1.png' }],
        annotations: [
          { image_id: 1, caption: 'A' },
          { image_id: 2, caption: 'B' },
        ],
      }),
    },
    format: 'coco',
    rows: ['val2017/1.png | A | - | validation'],
    notes: ['other-files'],
  },
  'metadata.jsonl beside the pictures is not asked about': {
    files: { 'a.png': null, 'metadata.jsonl': '{"file_name":"a.png","text":"x"}\n' },
    format: 'metadata-folder',
    rows: ['a.png | x | - | train'],
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
  const looked = await lookAt(path);
  const reading = await readers[readings[0]!.format].open(looked, options);
  const found = await collect(checkPairs(reading));
  const items = found.filter(({ kind }) => kind !== 'note');
  const rows = items.flatMap((item) =>
    item.kind !== 'record'
      ? []
      : [[item.record.key, item.record.caption, item.record.label ?? '-', item.record.split].join(' | ')],
  );
  expect(rows).toEqual(layout.rows);
  expect(items.filter(({ kind }) => kind === 'skipped')).toHaveLength(layout.left ?? 0);
  const notes = found.flatMap((item) => (item.kind === 'note' ? [item.note.kind] : []));
  expect(notes).toEqual(expect.arrayContaining(layout.notes ?? []));
});

test('several tables that are no splits are named', async () => {
  const path = await lay({
    files: { 'a.png': null, 'one.csv': 'image,caption\na.png,x\n', 'two.csv': 'image,caption\na.png,y\n' },
    format: [],
    rows: [],
  });
  const looked = await lookAt(path);
  expect(await recognise(looked, { templates: ['{}'], names: noNames })).toEqual([]);
  expect(unknownFormat(looked).message).toMatch(/2 tables \(one\.csv, two\.csv\)/);
});

test('splits without classes and captions are refused with what is missing', async () => {
  const path = await lay({ files: { 'train/a.png': null, 'test/b.png': null }, format: [], rows: [] });
  const looked = await lookAt(path);
  expect(await recognise(looked, { templates: ['{}'], names: noNames })).toEqual([]);
  expect(unknownFormat(looked).message).toMatch(/test and train in .* no folder of a class inside/);
});

test.each([
  [{ 'cars_train/1.png': null, 'cars_test/2.png': null, 'devkit/x.mat': 'x' }, /cars_test and cars_train in/],
  [
    { 'val2017/1.png': null, 'annotations/instances_val2017.json': '{}' },
    /val2017 in .* no folder of a class/,
  ],
  [{ 'd.xlsx': 'PK', 'e.json': '{}' }, /d\.xlsx \(save it as CSV\), e\.json \(import it by its own path/],
])('what is no class is none: %j', async (files, message) => {
  const looked = await lookAt(await lay({ files, format: [], rows: [] }));
  expect(await recognise(looked, { templates: ['{}'], names: noNames })).toEqual([]);
  expect(unknownFormat(looked).message).toMatch(message);
});

test('the only table of a folder is read, or refused by its columns', async () => {
  const path = await lay({ files: { 'd.csv': 'Bild;Text\na.png;x\n' }, format: [], rows: [] });
  const options = { templates: ['{}'], names: noNames };
  const looked = await lookAt(path);
  expect(await recognise(looked, options)).toMatchObject([{ format: 'csv' }]);
  await expect(readers.csv.open(looked, options)).rejects.toThrow(/d\.csv .* 'Bild', 'Text'/);
});

test('JSON with a fault says which', async () => {
  const path = await lay({ files: { 'd.json': '[{"image":"a.png","caption":"x"},]' }, format: [], rows: [] });
  const looked = await lookAt(join(path, 'd.json'));
  await expect(readers.jsonl.open(looked, { templates: ['{}'], names: noNames })).rejects.toThrow(
    /d\.json is no JSON that can be read: Unexpected token '\]'/,
  );
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
  // Of the folder above names by id are taken, which fit or do not; a list by number would fit whatever it is of.
  expect((await findNames(join(folder, 'train')))?.byId.get('n07753592')).toBe('banana');
  expect(await findNames(join(reference, 'train'))).toBeNull();
});
