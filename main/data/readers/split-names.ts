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

/** What stands before and behind the word without changing it: `final_training`, `train_images`, `val2017`, `testset`. */
const before = /^(final|full|all|images?|imgs?|data|dataset)-/;
const behind =
  /-?(sets?|splits?|data|datasets?|images?|imgs?|pictures?|photos?|jpe?gs?|files|folder|full|\d+)$/;

/**
 * The split that a word of a table or the name of a folder stands for, in any case; null where it is none. `restval` is
 * COCO's validation pictures that Karpathy's splits add to training.
 */
export function splitNamed(word: string): Split | null {
  let split = known.get(word);
  if (split === undefined) {
    split = findSplit(
      word
        .trim()
        .toLowerCase()
        .replaceAll(/[_\s.]+/g, '-'),
    );
    if (known.size === mostKnown) known.clear();
    known.set(word, split);
  }
  return split;
}

/** A table says the same few words in each of its rows. */
const known = new Map<string, Split | null>();
const mostKnown = 1000;

function findSplit(plain: string): Split | null {
  for (let rest = plain; ; ) {
    const split = splits.get(rest);
    if (split !== undefined) return split;
    const shorter = behind.test(rest) ? rest.replace(behind, '') : rest.replace(before, '');
    if (shorter === rest) return null;
    rest = shorter;
  }
}

/**
 * The splits among the names of folders that lie side by side: those that are splits by themselves, else those that
 * differ in the word of a split alone (`imagenet-train`, `imagenet-val`).
 */
export function splitsAmong(names: readonly string[]): Map<string, Split> {
  const own = names.flatMap((name) => {
    const split = splitNamed(name);
    return split === null ? [] : [[name, split] as const];
  });
  if (own.length > 0) return new Map(own);
  const groups = new Map<string, Map<string, Split>>();
  for (const name of names) {
    const words = name.toLowerCase().split(/[-_.\s]+/);
    const at = words.findIndex((word) => splitNamed(word) !== null);
    const split = at < 0 ? null : splitNamed(words[at]!);
    if (split === null) continue;
    const rest = words.toSpliced(at, 1).join('-');
    groups.set(rest, (groups.get(rest) ?? new Map<string, Split>()).set(name, split));
  }
  const [found] = [...groups.values()].filter((group) => new Set(group.values()).size > 1);
  return found ?? new Map();
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

/** The split that the first of a path's folders names which names one; null where none does. */
export function splitInFolders(folder: string): Split | null {
  return folder.split('/').reduce<Split | null>((found, part) => found ?? splitNamed(part), null);
}
