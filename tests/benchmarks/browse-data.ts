import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NewRecord } from '#contract/dataset.ts';
import { hashPicture } from '#core/pixels/picture-hash.ts';
import { createRandom } from '#core/random/random.ts';
import { beginImport } from '#db/datasets/dataset-import.ts';
import type { Database } from '#db/open.ts';
import { encodePng } from '#main/data/pictures/decode-picture.ts';

/** Words of captions, the most frequent first; how often a word occurs falls with its place (Zipf's law). */
export const vocabulary = makeVocabulary(20_000);

/** What the benchmark's dataset is called. */
export const datasetName = 'millions';

const classes = Array.from({ length: 200 }, (_, place) => `class ${vocabulary[place + 100]}`);
const pictureCount = 16;
const batchRecords = 10_000;

/** What filling took, in seconds: the rows alone, and the search index with the counts. */
export interface FillTimes {
  rowsSeconds: number;
  indexSeconds: number;
}

/** Fills a dataset with captions of 6 to 13 words, 200 classes and three splits; the records share 16 picture files. */
export async function fillDataset(
  db: Database,
  folder: string,
  name: string,
  records: number,
): Promise<FillTimes> {
  const random = createRandom('browse', records);
  const hashes: string[] = [];
  for (let number = 0; number < pictureCount; number += 1) {
    const data = new Uint8Array(64 * 64 * 3).map((_, place) => (place * (number + 3)) % 256);
    const picture = { width: 64, height: 64, data };
    writeFileSync(join(folder, `${number}.png`), await encodePng(picture));
    hashes.push(hashPicture(picture));
  }
  const word = () => vocabulary[Math.floor(vocabulary.length ** random.next()) - 1] ?? '';
  const recordOf = (i: number): NewRecord => ({
    // Many keys for one file: a folder that is left again.
    key: `${i}/../${i % pictureCount}.png`,
    caption: Array.from({ length: 6 + random.integer(8) }, word).join(' '),
    label: random.chance(0.1) ? null : (classes[random.integer(classes.length)] ?? null),
    name: null,
    split: random.chance(0.1) ? 'test' : random.chance(0.05) ? 'validation' : 'train',
    sha256: hashes[i % pictureCount] ?? '',
    width: 64,
    height: 64,
  });
  const started = beginImport(db, {
    name,
    source: { kind: 'csv', path: join(folder, 'pairs.csv') },
    root: folder,
    prompts: ['a photo of a {}.'],
    captionTemplates: ['a photo of a {}.'],
  });
  let rowsMs = 0;
  for (let from = 0; from < records; from += batchRecords) {
    const batch = Array.from({ length: Math.min(batchRecords, records - from) }, (_, i) =>
      recordOf(from + i),
    );
    const start = performance.now();
    started.add(batch);
    rowsMs += performance.now() - start;
  }
  const start = performance.now();
  started.finish();
  return { rowsSeconds: rowsMs / 1000, indexSeconds: (performance.now() - start) / 1000 };
}

function makeVocabulary(size: number): string[] {
  const random = createRandom('vocabulary');
  const syllables = 'ba co di fu ga he in jo ka lu mo ne or pa qui ra si tu ve wo xe yl zo th an st'.split(
    ' ',
  );
  const words = new Set(['a', 'photo', 'of', 'the', 'with', 'dog', 'in', 'on', 'and', 'cat']);
  while (words.size < size) {
    const length = 2 + random.integer(3);
    words.add(Array.from({ length }, () => syllables[random.integer(syllables.length)]).join(''));
  }
  return [...words];
}

/** The value below which a share of the values lies (nearest rank). */
export function atShare(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
