import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFile } from '../open-regular-file.ts';
import { splitNamed } from '../split-names.ts';
import { hasPictureName, type Looked, walkFiles } from './look.ts';
import { note, type ReaderDefinition, type Reading, skipped } from './reader.ts';

/** Files looked at to see whether captions lie beside pictures. */
const sampled = 2000;
const maxTextBytes = 1024 * 1024;

/**
 * Pictures with a .txt of the same name beside them whose lines are captions, as img2dataset's "files" output and
 * finetuning tools have them. Folders are no classes; train, val and test at the top are splits.
 */
export const captionsBeside: ReaderDefinition = {
  label: 'captions in .txt files beside the pictures',
  async recognise({ isFolder, path }) {
    if (!isFolder) return null;
    let pictures = 0;
    let withText = 0;
    let looked = 0;
    const texts: string[] = [];
    for (const { key } of walkFiles(path)) {
      looked += 1;
      if (looked > sampled) break;
      if (!hasPictureName(key)) continue;
      pictures += 1;
      const beside = join(path, textBeside(key));
      if (!existsSync(beside)) continue;
      withText += 1;
      if (texts.length < 5) texts.push(await readText(beside));
    }
    if (withText === 0 || 2 * withText < pictures) return null;
    // Boxes of an object detector lie beside pictures in the same way.
    if (texts.every((text) => /^[\d\s.,eE+-]*$/.test(text))) return null;
    return {
      fit: 'sure',
      why: `${withText} of ${pictures} pictures have a .txt of the same name beside them`,
    };
  },
  open: async ({ path }: Looked): Promise<Reading> => ({
    root: path,
    columns: null,
    async *items(signal, onProgress) {
      const keys = [...walkFiles(path)].map(({ key }) => key);
      const known = new Set(keys);
      const folders = new Set<string>();
      let done = 0;
      for (const key of keys) {
        if (signal?.aborted) return;
        done += 1;
        onProgress({ done, total: keys.length, unit: 'files' });
        if (!hasPictureName(key)) continue;
        const beside = textBeside(key);
        if (!known.has(beside)) {
          yield skipped(key, `has no caption: there is no ${beside} beside it`);
          continue;
        }
        const [top = ''] = key.includes('/') ? key.split('/') : [];
        if (top !== '') folders.add(top);
        const captions = (await readText(join(path, beside)))
          .split(/\r\n|\r|\n/)
          .map((line) => line.trim())
          .filter((line) => line !== '');
        if (captions.length === 0) yield skipped(key, `has an empty caption: ${beside} has no text`);
        for (const caption of captions) {
          yield { kind: 'pair', row: key, key, caption, label: null, split: splitNamed(top) ?? 'train' };
        }
      }
      const plain = [...folders].filter((folder) => splitNamed(folder) === null);
      if (plain.length > 0) {
        yield note(
          'folders-no-classes',
          `Captions come from the .txt files; the folders (${plain.slice(0, 3).join(', ')}${plain.length > 3 ? ' ...' : ''}) are not taken as classes. --format class-folders reads them as classes.`,
          plain.length,
        );
      }
    },
  }),
};

function textBeside(key: string): string {
  return key.replace(/\.[^./]+$/, '.txt');
}

async function readText(path: string): Promise<string> {
  return (await readRegularFile(path, maxTextBytes)).toString('utf8').replace(/^\uFEFF/, '');
}
