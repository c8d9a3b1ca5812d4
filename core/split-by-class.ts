import { groupBy } from './group-by.ts';
import { createRandom } from './random/random.ts';

/**
 * Chooses test items by class, each class on its own: the share of its items, rounded, at least one where a class has
 * two or more. The same items, share and seed give the same choice, in whatever order the items come.
 * @param items keys with their classes
 * @param share of test items, in [0, 1)
 * @returns the keys of test items
 */
export function chooseTestItems(
  items: Iterable<{ key: string; label: string }>,
  share: number,
  seed: number,
): Set<string> {
  const chosen = new Set<string>();
  for (const [label, own] of groupBy(items, (item) => item.label)) {
    const keys = own.map(({ key }) => key).sort();
    createRandom('split by class', seed, label).shuffle(keys);
    const wanted = Math.round(share * keys.length);
    const count = share === 0 || keys.length < 2 ? 0 : Math.min(keys.length - 1, Math.max(1, wanted));
    for (const key of keys.slice(0, count)) chosen.add(key);
  }
  return chosen;
}
