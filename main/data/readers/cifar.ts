import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import { readRange } from '../sources/read-range.ts';
import { fileNames, folderNames } from './look.ts';
import { inBatches, type ReaderDefinition, type ReaderOptions, type Reading, skipped } from './reader.ts';
import { newSeen, pairsOfPicture } from './row-pairs.ts';
import { seenNotes } from './seen-notes.ts';

/** Pictures of 32 x 32 pixels. */
const side = 32;
const pictureBytes = 3 * side * side;
const maxNamesBytes = 64 * 1024;

/** One of the binary versions (https://www.cs.toronto.edu/~kriz/cifar.html): bytes of labels before each picture. */
interface Version {
  files: RegExp;
  labelBytes: number;
  /** Which of them is read. */
  labelAt: number;
  names: string;
}

const versions: readonly Version[] = [
  { files: /^(data_batch_\d+|test_batch)\.bin$/, labelBytes: 1, labelAt: 0, names: 'batches.meta.txt' },
  { files: /^(train|test)\.bin$/, labelBytes: 2, labelAt: 1, names: 'fine_label_names.txt' },
];

/** CIFAR-10 and CIFAR-100, binary version; of CIFAR-100 the fine labels. */
export const cifar: ReaderDefinition = {
  label: 'CIFAR-10 or CIFAR-100, binary version',
  async recognise(looked) {
    if (!looked.isFolder) return null;
    const place = placeOf(looked.path);
    if (place !== null) return { fit: 'sure', why: `it has ${place.files.join(', ')}` };
    return isPickled(looked.path) ? { fit: 'sure', why: "it has CIFAR's batches" } : null;
  },
  open: async ({ path }, options) => openBatches(path, options),
};

function placeOf(path: string): { folder: string; files: string[]; version: Version } | null {
  for (const folder of [path, ...folderNames(path).map((name) => join(path, name))]) {
    for (const version of versions) {
      const files = fileNames(folder).filter((name) => version.files.test(name));
      if (files.length > 0) return { folder, files, version };
    }
  }
  return null;
}

function isPickled(path: string): boolean {
  return [path, ...folderNames(path).map((name) => join(path, name))].some((folder) => {
    const names = fileNames(folder);
    return names.includes('data_batch_1') || (names.includes('meta') && names.includes('train'));
  });
}

async function openBatches(path: string, options: ReaderOptions): Promise<Reading> {
  const place = placeOf(path);
  if (place === null) {
    throw new WorkbenchError(
      'bad-input',
      `${path} has CIFAR's Python version, which are pickles and are not opened: take the binary version (cifar-10-binary, cifar-100-binary).`,
      { path },
    );
  }
  const { folder, files, version } = place;
  const names =
    options.names.inOrder.length > 0 ? options.names.inOrder : await readNames(folder, version.names);
  const recordBytes = version.labelBytes + pictureBytes;
  return {
    root: folder,
    columns: null,
    batches: inBatches(async function* (signal, onProgress) {
      const seen = newSeen();
      for (const [at, file] of files.entries()) {
        const { size } = await stat(join(folder, file));
        const split = file.startsWith('test') ? 'test' : 'train';
        const count = Math.floor(size / recordBytes);
        for (let record = 0; record < count; record += 1) {
          if (signal?.aborted) return;
          const start = record * recordBytes;
          const labels = await readRange(join(folder, file), start, version.labelBytes);
          const number = labels[version.labelAt] ?? 0;
          onProgress({ done: at * count + record + 1, total: files.length * count, unit: 'rows' });
          const row = `${file} picture ${record + 1}`;
          yield* pairsOfPicture(
            { row, captions: null, label: names[number] ?? String(number), split: null },
            {
              row,
              key: `${file}/${String(record).padStart(5, '0')}.png`,
              source: {
                kind: 'planes',
                path: file,
                offset: start + version.labelBytes,
                width: side,
                height: side,
              },
            },
            options,
            seen,
            split,
          );
        }
        if (size % recordBytes !== 0)
          yield skipped(file, 'has a part of a picture at its end: it is cut short');
      }
      yield* seenNotes(seen, options);
    }),
  };
}

async function readNames(folder: string, name: string): Promise<string[]> {
  const size = (await stat(join(folder, name)).catch(() => null))?.size ?? 0;
  if (size === 0 || size > maxNamesBytes) return [];
  const text = (await readRange(join(folder, name), 0, size)).toString('utf8');
  return text
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().replaceAll('_', ' '));
}
