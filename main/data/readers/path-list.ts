import { join } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import { looksLikeId } from './class-names.ts';
import { guessColumn } from './columns.ts';
import { createPictureFinder } from './find-picture.ts';
import { fileNames, type Looked, lookAt } from './look.ts';
import {
  type Found,
  inBatches,
  note,
  type ReaderDefinition,
  type ReaderOptions,
  type Reading,
  skipped,
} from './reader.ts';
import { newSeen, pairsOfRow } from './row-pairs.ts';
import { seenNotes } from './seen-notes.ts';
import { splitInName } from './split-names.ts';
import { readTextFile, textOf } from './table-dialect.ts';

/** A path up to the suffix of a picture, spaces, and the rest of the line. */
const listLine = /^(\S(?:.*?\S)?\.(?:jpe?g|png|webp|gif|tiff?|bmp|ppm|pgm))[ \t]+(\S.*)$/i;
const maxBytes = 512 * 1024 ** 2;
const lineEnds = /\r\n|\r|\n/;
/** Lines of a file's beginning that decide. */
const lookedLines = 50;

/**
 * Lists whose lines are a path, a space and a class number, class or caption, as ImageNet's and Caffe's have it
 * (`n01440764/1.JPEG 0`), with or without a header (`image caption`). A folder may have one for each split (train.txt,
 * val.txt).
 */
export const pathList: ReaderDefinition = {
  label: 'list of paths, each with a space and a class number or a caption behind it',
  async recognise(looked) {
    const [first, ...others] = await listsIn(looked);
    if (first === undefined) return null;
    const why = `the lines of ${[first, ...others].map(({ name }) => name).join(', ')} are a path, a space and a class or a caption`;
    return { fit: looked.isFolder ? 'plausible' : 'sure', why };
  },
  async open(looked, options): Promise<Reading> {
    const lists = looked.isFolder ? await listsIn(looked) : [looked];
    if (lists.every(({ head }) => !firstLines(head).some((line) => listLine.test(line)))) {
      throw new WorkbenchError(
        'bad-input',
        `The lines of ${looked.path} are not a path of a picture, a space and a class or a caption: choose another format.`,
        { path: looked.path },
      );
    }
    return {
      root: looked.folder,
      columns: null,
      batches: inBatches(async function* (signal, onProgress) {
        for (const list of lists) yield* itemsOf(list, options, signal, onProgress);
      }),
    };
  },
};

/** The file, or the files of a folder, that are such lists. */
async function listsIn(looked: Looked): Promise<Looked[]> {
  const names = looked.isFolder
    ? fileNames(looked.path)
        .filter((name) => listName.test(name))
        .slice(0, 20)
    : [];
  const files = looked.isFolder
    ? await Promise.all(names.map((name) => lookAt(join(looked.path, name))))
    : [looked];
  return files.filter(({ name, head }) => {
    const [first = '', ...rest] = firstLines(head);
    const lines = headerOf(first) === null ? [first, ...rest] : rest;
    const fitting = lines.filter((line) => listLine.test(line)).length;
    return listName.test(name) && fitting > 0 && fitting >= 0.9 * lines.length;
  });
}

/** What a header of two known names says that stands behind the picture; null where a line is no such header. */
function headerOf(line: string): 'caption' | 'label' | null {
  const names = line.trim().split(/[ \t]+/);
  if (names.length !== 2 || guessColumn(names.slice(0, 1), 'image') === null) return null;
  if (guessColumn(names.slice(1), 'caption') !== null) return 'caption';
  return guessColumn(names.slice(1), 'label') === null ? null : 'label';
}

const listName = /\.(txt|lst|list)$/i;

const firstLines = (head: Buffer): string[] =>
  textOf(head)
    .split(lineEnds)
    .slice(0, lookedLines)
    .filter((line, at, all) => line.trim() !== '' && (at < all.length - 1 || all.length < lookedLines));

async function* itemsOf(
  { path, name, folder }: Looked,
  options: ReaderOptions,
  signal: AbortSignal | undefined,
  onProgress: Parameters<Reading['batches']>[1],
): AsyncGenerator<Found, void> {
  const lines = (await readTextFile(path, maxBytes)).split(lineEnds);
  const rests = lines.flatMap((line) => listLine.exec(line)?.[2]?.trim() ?? []);
  const header = headerOf(lines[0] ?? '');
  // One word behind every path is a class; several are a caption.
  const areClasses =
    header === null ? rests.every((rest) => looksLikeId(rest) || !/\s/.test(rest)) : header === 'label';
  const split = splitInName(name) ?? 'train';
  const find = createPictureFinder(folder);
  const seen = newSeen();
  for (const [at, line] of lines.entries()) {
    if (signal?.aborted) return;
    onProgress({ done: at + 1, total: lines.length, unit: 'rows' });
    if (line.trim() === '' || (at === 0 && header !== null)) continue;
    const found = listLine.exec(line.trim());
    if (found === null) {
      yield skipped(at + 1, 'is no path of a picture with a space and a class or a caption behind it');
      continue;
    }
    const [, image = '', rest = ''] = found;
    const values = areClasses ? { captions: null, label: rest } : { captions: [rest], label: null };
    yield* pairsOfRow({ row: at + 1, image, split: null, ...values }, find, options, seen, split);
  }
  yield note(
    header === null ? 'no-header' : 'dialect',
    `Each line of ${name} is read as a path and ${areClasses ? 'a class' : 'a caption'}, with a space between; the pairs are ${split} pairs.`,
  );
  yield* seenNotes(seen, options);
}
