import { createHash } from 'node:crypto';

/**
 * A seeded choice that depends on each item's key alone: the `count` items with the smallest SHA-256 (hex) of
 * `prefix` + key, in that order. Neither the order of the items nor other items change who comes before whom,
 * and a smaller count chooses from a larger one's choice. Holds at most about twice `count` items at a time.
 */
export function takeSmallestDigests<T>(
  items: Iterable<T>,
  count: number,
  prefix: string,
  keyOf: (item: T) => string,
): T[] {
  const slack = 1024;
  let kept: { digest: string; item: T }[] = [];
  const cut = () => {
    kept.sort((a, b) => (a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0));
    kept = kept.slice(0, count);
  };
  for (const item of items) {
    const digest = createHash('sha256')
      .update(`${prefix}${keyOf(item)}`)
      .digest('hex');
    kept.push({ digest, item });
    if (kept.length >= 2 * count + slack) cut();
  }
  cut();
  return kept.map(({ item }) => item);
}
