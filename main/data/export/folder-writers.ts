import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatCsvRow } from '../tables/csv-text.ts';
import { numbered, type PartWriter } from './exported-picture.ts';

/** Table of a part beside its pictures; the parts' tables become one at the end. */
export const partTable = 'pairs.csv';
export const csvHeader = ['image', 'caption', 'label', 'split'];

/** Pictures as files in a folder for each part, each part with a table of its own rows. */
export const csvParts: PartWriter = {
  name: (split, part) => `images/${split}-${numbered(part, 5)}`,
  async write(path, pictures) {
    await mkdir(path, { recursive: true });
    const rows: string[] = [];
    let at = 0;
    for await (const { bytes, suffix, captions, label, split } of pictures) {
      const name = `${numbered(at, 6)}.${suffix}`;
      at += 1;
      await writeFile(join(path, name), bytes);
      for (const caption of captions) rows.push(formatCsvRow([name, caption, label ?? '', split], ','));
    }
    await writeFile(join(path, partTable), formatCsvRow(csvHeader, ',') + rows.join(''));
  },
};

/** Pictures in a folder for each class, below that of the split; a part is moved there once it is whole. */
export const classParts: PartWriter = {
  name: (split, part) => `.parts/${split}-${numbered(part, 5)}`,
  async write(path, pictures) {
    await mkdir(path, { recursive: true });
    const part = path.match(/-(\d+)[^-]*$/)?.[1] ?? '0';
    let at = 0;
    for await (const { bytes, suffix, label, split } of pictures) {
      const folder = join(path, split, label ?? '');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `${part}-${numbered(at, 6)}.${suffix}`), bytes);
      at += 1;
    }
  },
};
