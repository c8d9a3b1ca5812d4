import type { Split } from '#contract/dataset.ts';
import type { Looked } from './look.ts';
import { type ColumnMapping, type Found, note, type Reading } from './reader.ts';
import { splitInName, splitNamed } from './split-names.ts';

/** Tables of one folder: a lone one, or several whose names are different splits; none where they are anything else. */
export function oneOrSplits(files: Looked[]): Looked[] {
  if (files.length < 2) return files;
  const splits = files.map(({ name }) => splitOfFile(name) ?? splitInName(name));
  return splits.every((split) => split !== null) && new Set(splits).size === files.length ? files : [];
}

/** The split that a table is of by its whole name (`test.csv`); null where its name says none. */
export function splitOfFile(name: string): Split | null {
  return splitNamed(name.replace(/\.[^.]+$/, ''));
}

export const namesOf = (files: readonly Looked[]): string => files.map(({ name }) => name).join(', ');
export const listWord = ({ length }: readonly Looked[]): string => (length === 1 ? 'lists' : 'list');

/** Says which split a table's name stands for, where it has no column of splits. */
export function* splitNotes(name: string, { split }: ColumnMapping): Generator<Found, void> {
  const named = split === null ? splitOfFile(name) : null;
  if (named !== null && named !== 'train')
    yield note('splits', `The pairs of ${name} are ${named} pairs, by its name.`);
}

/** A reading of one file, or of several one after the other, each of the split that its name says. */
export async function joinFiles(
  root: string,
  files: readonly Looked[],
  open: (file: Looked) => Promise<Reading>,
): Promise<Reading> {
  const [first, ...others] = await Promise.all(files.map(open));
  if (first === undefined) throw new Error('No file to read.');
  if (others.length === 0) return first;
  return {
    root,
    columns: first.columns,
    async *batches(signal, onProgress) {
      for (const [at, reading] of [first, ...others].entries()) {
        const { name = '' } = files[at] ?? {};
        const split = splitInName(name);
        const hasOwn = reading.columns?.mapping.split != null;
        const place = (item: Found): Found => {
          if (item.kind === 'note') return item;
          const row = `${name} row ${item.row}`;
          return item.kind === 'skipped'
            ? { ...item, row }
            : { ...item, row, split: hasOwn ? item.split : (split ?? item.split) };
        };
        for await (const batch of reading.batches(signal, onProgress)) yield batch.map(place);
      }
      yield [
        note('several-files', `${namesOf(files)} were read, each as the split of its name.`, files.length),
      ];
    },
  };
}
