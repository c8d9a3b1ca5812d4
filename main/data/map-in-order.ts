import { availableParallelism } from 'node:os';

/** How many pictures are decoded at once: enough that reading one hides behind decoding another. */
export const pictureConcurrency = availableParallelism() * 2;

/**
 * Does `work` on up to `concurrency` items at once and yields the results in the order of the items. Items are
 * taken only as they are needed. The first failure ends it, once the work under way is done.
 */
export async function* mapInOrder<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  concurrency: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void> {
  const underWay: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      // Its failure is met when its turn comes; until then it must not count as unhandled.
      result.catch(() => {});
      underWay.push(result);
      if (underWay.length >= concurrency) yield await underWay.shift()!;
    }
    while (underWay.length > 0) yield await underWay.shift()!;
  } finally {
    await Promise.allSettled(underWay);
  }
}
