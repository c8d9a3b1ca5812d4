import { join } from 'node:path';
import type { Split } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { createPictureFinder } from './find-picture.ts';
import { fileNames, folderNames, type Looked, lookAt } from './look.ts';
import {
  inBatches,
  note,
  type ReaderDefinition,
  type ReaderOptions,
  type Reading,
  skipped,
} from './reader.ts';
import { newSeen, pairsOfRow } from './row-pairs.ts';
import { seenNotes } from './seen-notes.ts';
import { readTextFile, textOf } from './table-dialect.ts';

const tokenLine = /^(\S.*\.(?:jpe?g|png))(?:\.\d+)?#\w+\t(.+)$/i;
const maxBytes = 256 * 1024 ** 2;

/** Flickr8k's and Flickr30k's token files: `NAME.jpg#0`, a tab and a caption. Lists of splits beside them are read. */
export const flickrTokens: ReaderDefinition = {
  label: 'Flickr token file',
  async recognise(looked) {
    const file = await tokenFile(looked);
    return file === null
      ? null
      : { fit: 'sure', why: 'its lines are a picture, # with a number, a tab and a caption' };
  },
  async open(given, options): Promise<Reading> {
    const looked = await tokenFile(given);
    if (looked === null) {
      throw new WorkbenchError('bad-input', `There is no token file of Flickr in ${given.path}.`, {
        path: given.path,
      });
    }
    return openTokens(looked, given.folder, options);
  },
};

async function tokenFile(looked: Looked): Promise<Looked | null> {
  if (!looked.isFolder) return isTokens(looked) ? looked : null;
  const inside = folderNames(looked.path);
  for (const folder of ['', ...inside.slice(0, mostFolders)]) {
    for (const name of fileNames(join(looked.path, folder))) {
      // Below the folder only what is called so: Flickr8k_text/Flickr8k.token.txt beside its pictures.
      const isNamed = folder === '' ? /\.(token|txt)$/i.test(name) : /\.token(\.txt)?$/i.test(name);
      if (!isNamed || /lemma/i.test(name)) continue;
      const file = await lookAt(join(looked.path, folder, name));
      if (isTokens(file)) return file;
    }
  }
  return null;
}

const mostFolders = 20;

function isTokens({ head }: Looked): boolean {
  const [first = ''] = textOf(head).split(/\r\n|\r|\n/, 1);
  return tokenLine.test(first);
}

async function openTokens({ path, folder }: Looked, root: string, options: ReaderOptions): Promise<Reading> {
  return {
    root,
    columns: null,
    batches: inBatches(async function* (signal, onProgress) {
      const lines = (await readTextFile(path, maxBytes)).split(/\r\n|\r|\n/);
      const splits = await readSplits(folder);
      const find = createPictureFinder(root, [join(root, '..')]);
      const seen = newSeen();
      for (const [at, line] of lines.entries()) {
        if (signal?.aborted) return;
        onProgress({ done: at + 1, total: lines.length, unit: 'rows' });
        if (line.trim() === '') continue;
        const found = tokenLine.exec(line);
        if (found === null) {
          yield skipped(at + 1, 'is no picture with #, a tab and a caption');
          continue;
        }
        const [, image = '', caption = ''] = found;
        yield* pairsOfRow(
          { row: at + 1, image, captions: [caption.trim()], label: null, split: null },
          find,
          options,
          seen,
          splits.get(image) ?? 'train',
        );
      }
      if (splits.size > 0)
        yield note('splits', 'Splits are those of the lists beside the file.', splits.size);
      yield* seenNotes(seen, options);
    }),
  };
}

/** Flickr_8k.trainImages.txt, .devImages.txt and .testImages.txt: a name a line. */
async function readSplits(folder: string): Promise<Map<string, Split>> {
  const splits = new Map<string, Split>();
  for (const name of fileNames(folder)) {
    const found = /\.(train|dev|test)Images\.txt$/i.exec(name);
    if (found === null) continue;
    const word = found[1]?.toLowerCase();
    const split = word === 'dev' ? 'validation' : word === 'test' ? 'test' : 'train';
    for (const line of (await readTextFile(join(folder, name), maxBytes)).split(/\r\n|\r|\n/)) {
      if (line.trim() !== '') splits.set(line.trim(), split);
    }
  }
  return splits;
}
