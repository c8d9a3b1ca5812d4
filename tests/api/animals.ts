import type { RecordRow } from '#contract/api/datasets.ts';
import type { NewRecord, Split } from '#contract/dataset.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import type { Workspace } from '#main/workbench/workspace.ts';
import { datasetNamed, recordNumber } from '../db/records-for-tests.ts';

const animals = ['dog', 'cat', 'owl'];
export const splitNames: Split[] = ['train', 'validation', 'test'];

/** Record i: `animal i mod 3, number i`, label i mod 4 (3: none), split i mod 3. */
export function animalNumber(i: number): NewRecord {
  return recordNumber(i, {
    caption: `${animals[i % 3]}, number ${i}`,
    label: i % 4 === 3 ? null : `class ${i % 4}`,
    split: splitNames[Math.floor(i / 2) % 3] ?? 'train',
  });
}

export const importAnimals = ({ db }: Workspace, name: string, count: number) =>
  importDataset(db, datasetNamed(name), [Array.from({ length: count }, (_, i) => animalNumber(i))]);

export const keysOf = (rows: readonly RecordRow[]) => rows.map(({ key }) => key);
export const pictures = (...numbers: number[]) => numbers.map((i) => `images/${i}.png`);
