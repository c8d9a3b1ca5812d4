import { join } from 'node:path';
import type { Split } from '#contract/dataset.ts';
import { tryParseJson } from '#core/json/try-parse-json.ts';
import { listFirst } from '#core/list-first.ts';
import { linesOf, objectOf } from '../tables/texts.ts';
import { guessColumn } from './columns.ts';
import { textsOf } from './jsonl.ts';
import { hasPictureName, type Looked, walkFiles } from './look.ts';
import { inBatches, note, type ReaderDefinition, type Reading, skipped } from './reader.ts';
import { newSeen } from './row-pairs.ts';
import { seenNotes } from './seen-notes.ts';
import { splitNamed } from './split-names.ts';
import { readTextFile } from './table-dialect.ts';

/** Files of each folder at the top that are looked at to see whether captions lie beside pictures. */
const sampled = 1000;
const mostWalked = 200_000;
const maxTextBytes = 1024 * 1024;

/** Folders of texts that lie beside folders of pictures. */
const textFolders = /^(.*[-_ ])?(captions?|caps?|texts?|txts?|descriptions?|prompts?)([-_ ].*)?$/i;
const pictureFolders = /^(images?|imgs?|pictures?|photos?|jpe?gs?)$/i;

/**
 * Pictures with a .txt or .caption of the same name beside them, or in a folder of captions beside theirs, whose lines
 * are captions, as img2dataset's "files" output and finetuning tools have them; or a .json with a caption. Folders are no
 * classes; train, val and test at the top are splits.
 */
export const captionsBeside: ReaderDefinition = {
  label: 'captions in .txt files beside the pictures',
  async recognise({ isFolder, path }) {
    if (!isFolder) return null;
    let pictures = 0;
    let withText = 0;
    const texts: string[] = [];
    const keys: string[] = [];
    const perFolder = new Map<string, number>();
    let walked = 0;
    for (const { key } of walkFiles(path)) {
      walked += 1;
      if (walked > mostWalked) break;
      const top = key.slice(0, key.indexOf('/'));
      const count = (perFolder.get(top) ?? 0) + 1;
      perFolder.set(top, count);
      if (count <= sampled) keys.push(key);
    }
    const find = createTextFinder(keys);
    for (const key of keys.filter(hasPictureName)) {
      pictures += 1;
      const beside = find(key);
      if (beside === null) continue;
      // What a tool notes beside a picture need be no caption.
      const lines = texts.length < 5 ? await readCaptions(path, beside) : null;
      if (lines?.length === 0 && /\.json$/i.test(beside)) continue;
      withText += 1;
      if (lines !== null) texts.push(lines.join('\n'));
    }
    if (withText === 0 || 2 * withText < pictures) return null;
    // Boxes of an object detector lie beside pictures in the same way.
    if (texts.every((text) => /^[\d\s.,eE+-]*$/.test(text))) return null;
    return {
      fit: 'sure',
      why: `${withText} of ${pictures} pictures have a caption in a file of the same name`,
    };
  },
  open: async ({ path }: Looked, options): Promise<Reading> => ({
    root: path,
    columns: null,
    batches: inBatches(async function* (signal, onProgress) {
      const keys = [...walkFiles(path)].map(({ key }) => key);
      const find = createTextFinder(keys);
      const folders = new Set<string>();
      const splits = new Map<string, Split>();
      const texts = new Set<string>();
      const seen = newSeen();
      let done = 0;
      for (const key of keys) {
        if (signal?.aborted) return;
        done += 1;
        onProgress({ done, total: keys.length, unit: 'files' });
        if (!hasPictureName(key)) continue;
        const beside = find(key);
        if (beside === null) {
          yield skipped(key, `has no caption: there is no ${key.replace(/\.[^./]+$/, '.txt')} beside it`);
          continue;
        }
        texts.add(beside);
        const [top = ''] = key.includes('/') ? key.split('/') : [];
        if (top !== '' && !pictureFolders.test(top)) folders.add(top);
        const captions = await readCaptions(path, beside);
        if (captions.length === 0) yield skipped(key, `has an empty caption: ${beside} has no text`);
        if (captions.some((caption) => caption.includes('\uFFFD'))) seen.unreadable += 1;
        const { split, folder } = splitOf(key);
        if (folder !== null) splits.set(folder, split);
        for (const caption of captions) yield { kind: 'pair', row: key, key, caption, label: null, split };
      }
      const orphans = keys.filter((key) => /\.(txt|caption)$/i.test(key) && !texts.has(key));
      if (orphans.length > 0) {
        yield note(
          'captions-not-read',
          `${orphans.length === 1 ? 'One text is beside no picture of its name, and is' : `${orphans.length} texts are beside no picture of their name, and are`} not read: ${listFirst(orphans, 3)}.`,
          orphans.length,
        );
      }
      if (splits.size > 0) {
        const words = [...splits].map(([folder, split]) => `${folder}/ (${split})`).join(', ');
        yield note('splits', `Splits by the names of folders: ${words}.`, splits.size);
      }
      yield* seenNotes(seen, options);
      const plain = [...folders].filter((folder) => splitNamed(folder) === null);
      if (plain.length > 0) {
        yield note(
          'folders-no-classes',
          `Captions come from the files beside the pictures; the folders (${listFirst(plain, 3)}) are not classes. --format class-folders reads them as classes.`,
          plain.length,
        );
      }
    }),
  }),
};

/** The first of a key's folders that names a split: `train/a.jpg`, `data/val2017/a.jpg`. */
function splitOf(key: string): { split: Split; folder: string | null } {
  for (const folder of key.split('/').slice(0, -1)) {
    const split = splitNamed(folder);
    if (split !== null) return { split, folder };
  }
  return { split: 'train', folder: null };
}

/** Finds the file with a picture's captions among all files; texts before JSON. */
function createTextFinder(keys: readonly string[]): (key: string) => string | null {
  const texts = new Map<string, string>();
  for (const suffix of [/\.json$/i, /\.caption$/i, /\.txt$/i]) {
    for (const key of keys) if (suffix.test(key)) texts.set(stemOf(key), key);
  }
  const folders = [
    ...new Set(
      keys.flatMap((key) =>
        key.split('/').filter((part, at, all) => at < all.length - 1 && textFolders.test(part)),
      ),
    ),
  ];
  return (key) => {
    // `a.txt` beside `a.jpg`, or `a.jpg.txt`.
    const beside = texts.get(stemOf(key)) ?? texts.get(key);
    if (beside !== undefined) return beside;
    const parts = key.split('/');
    for (const [at, part] of parts.slice(0, -1).entries()) {
      if (!pictureFolders.test(part)) continue;
      for (const folder of folders) {
        const found = texts.get(stemOf(parts.with(at, folder).join('/')));
        if (found !== undefined) return found;
      }
    }
    return null;
  };
}

const stemOf = (key: string): string => key.replace(/\.[^./]+$/, '');

/** Each line of a text, or what a JSON has as captions. */
async function readCaptions(root: string, key: string): Promise<string[]> {
  const text = await readTextFile(join(root, key), maxTextBytes);
  return /\.json$/i.test(key)
    ? captionsOf(text)
        .map((caption) => caption.trim())
        // Google Photos has the file's name as its title.
        .filter((caption) => caption !== '' && !key.endsWith(`${caption}.json`))
    : linesOf(text);
}

function captionsOf(json: string): string[] {
  const about = objectOf(tryParseJson(json)) ?? {};
  const column = guessColumn(Object.keys(about), 'caption');
  return column === null ? [] : textsOf(about[column]);
}
