import { basename } from 'node:path';
import type { Split } from '#contract/dataset.ts';
import { listFirst } from '#core/list-first.ts';
import { fileNames, type Looked } from './look.ts';
import { type ColumnMapping, type Found, note, type Reading } from './reader.ts';
import { splitInName, splitNamed } from './split-names.ts';

/** The tables of a folder that are read, and whether what they have shows that they list pictures. */
export interface ChosenTables {
  files: Looked[];
  isKnown: boolean;
}

/** Of a folder's tables those that are known to list pictures: one, or one for each split. Where none is, its only other. */
export function chooseTables(known: Looked[], others: Looked[]): ChosenTables {
  if (known.length === 0) return { files: others.length === 1 ? others : [], isKnown: false };
  const files = oneOrSplits(known);
  return { files, isKnown: files.length > 0 };
}

/** Tables of one folder: a lone one, or those whose names are different splits; none where there are no two such. */
function oneOrSplits(files: Looked[]): Looked[] {
  if (files.length < 2) return files;
  const ofSplits = files.filter(({ name }) => splitOfAny(name) !== null);
  const splits = new Set(ofSplits.map(({ name }) => splitOfAny(name)));
  return splits.size > 1 && splits.size === ofSplits.length ? ofSplits : [];
}

const splitOfAny = (name: string): Split | null => splitOfFile(name) ?? splitInName(name);

const dataFile = /\.(csv|tsv|tab|jsonl|ndjson)(\.gz)?$/i;

/** Says which tables lie beside those that are read. */
function unreadNotes(given: Looked, files: readonly Looked[]): Found[] {
  const [first] = files;
  if (!given.isFolder || first === undefined) return [];
  const read = new Set(files.map(({ path }) => basename(path)));
  const unread = fileNames(first.folder).filter((name) => dataFile.test(name) && !read.has(name));
  if (unread.length === 0) return [];
  return [
    note(
      'other-files',
      `Of the tables, ${listFirst(unread, 4)} ${unread.length === 1 ? 'is' : 'are'} not read. Import one by its own path to read it.`,
      unread.length,
    ),
  ];
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

/**
 * A reading of one file, or of several of a folder one after the other, each of the split that its name says.
 * @param given what the person named: the file, or the folder that they lie in
 */
export async function joinFiles(
  given: Looked,
  files: readonly Looked[],
  open: (file: Looked) => Promise<Reading>,
): Promise<Reading> {
  const [first, ...others] = await Promise.all(files.map(open));
  if (first === undefined) throw new Error('No file to read.');
  const unread = unreadNotes(given, files);
  return {
    root: first.root,
    columns: first.columns,
    async *batches(signal, onProgress) {
      yield unread;
      if (others.length === 0) {
        yield* first.batches(signal, onProgress);
        return;
      }
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
