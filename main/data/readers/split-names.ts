import type { Split } from '#contract/dataset.ts';

const splits: ReadonlyMap<string, Split> = new Map([
  ['train', 'train'],
  ['training', 'train'],
  ['restval', 'train'],
  ['val', 'validation'],
  ['valid', 'validation'],
  ['validation', 'validation'],
  ['dev', 'validation'],
  ['development', 'validation'],
  ['test', 'test'],
  ['testing', 'test'],
  ['eval', 'test'],
  ['evaluation', 'test'],
  ['holdout', 'test'],
  ['hold-out', 'test'],
  ['held-out', 'test'],
  ['heldout', 'test'],
]);

/**
 * The split that a word of a table or the name of a folder stands for, in any case; null where it is none. `restval` is
 * COCO's validation pictures that Karpathy's splits add to training.
 */
export function splitNamed(word: string): Split | null {
  return (
    splits.get(
      word
        .trim()
        .toLowerCase()
        .replaceAll('_', '-')
        .replace(/[-_ ]?(set|split|data)$/, ''),
    ) ?? null
  );
}

/** The split in the name of a file or the folders above it (`data/train-00000.parquet`, `captions_val2017.json`). */
export function splitInName(path: string): Split | null {
  const parts = path.split('/').reverse();
  for (const part of parts) {
    for (const word of part.split(/[^A-Za-z]+/)) {
      const split = splits.get(word.toLowerCase());
      if (split !== undefined) return split;
    }
  }
  return null;
}
