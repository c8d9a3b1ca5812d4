import type { Split } from '#contract/dataset.ts';

const splits: ReadonlyMap<string, Split> = new Map([
  ['train', 'train'],
  ['training', 'train'],
  ['val', 'validation'],
  ['valid', 'validation'],
  ['validation', 'validation'],
  ['test', 'test'],
]);

/** The split that a word of a CSV file or the name of a folder stands for; null where it is none. */
export function splitNamed(word: string): Split | null {
  return splits.get(word.toLowerCase()) ?? null;
}
