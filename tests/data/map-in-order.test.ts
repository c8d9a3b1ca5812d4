import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mapInOrder } from '#main/data/map-in-order.ts';
import { collect } from './picture-files.ts';

test('results keep the order of the items, however long each takes, and no more run at once than asked', async () => {
  let running = 0;
  let most = 0;
  const results = await collect(
    mapInOrder([5, 0, 9, 1, 3, 0, 2], 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await wait(item);
      running -= 1;
      return item * 10;
    }),
  );
  expect(results).toEqual([50, 0, 90, 10, 30, 0, 20]);
  expect(most).toBe(3);
});

test('a failure comes at its place and stops what has not begun', async () => {
  const begun: number[] = [];
  const seen: number[] = [];
  const run = async () => {
    const results = mapInOrder([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 2, async (item) => {
      begun.push(item);
      if (item === 3) throw new Error('three');
      return item;
    });
    for await (const item of results) seen.push(item);
  };
  await expect(run()).rejects.toThrow('three');
  expect(seen).toEqual([0, 1, 2]);
  expect(begun.length).toBeLessThan(6);
});

test('a consumer that leaves early closes the source', async () => {
  let closed = false;
  function* source() {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      closed = true;
    }
  }
  for await (const item of mapInOrder(source(), 4, async (i) => i)) if (item === 2) break;
  expect(closed).toBe(true);
});
