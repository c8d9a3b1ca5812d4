import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { growIdList } from '#main/workbench/datasets/browsing/id-list.ts';

/** Parts that come when they are let. */
function* parts(count: number) {
  for (let part = 0; part < count; part += 1) yield Array.from({ length: 1_000 }, (_, i) => part * 1_000 + i);
}

test('what is reached is there, before all is', async () => {
  const list = growIdList(parts(50));
  await list.reach(1);
  expect(list.done).toBe(false);
  await list.reach(20_500);
  expect(list.ids().length).toBeGreaterThanOrEqual(20_500);
  expect(list.ids()[20_499]).toBe(20_499);
  await list.reach(Infinity);
  expect(list.done).toBe(true);
  expect(Array.from(list.ids())).toEqual(Array.from({ length: 50_000 }, (_, i) => i));
});

test('a search that fails tells all who wait, and those who come later', async () => {
  async function* failing() {
    yield [1];
    await setImmediate();
    throw new Error('the disk went away');
  }
  const list = growIdList(failing());
  await list.reach(1);
  await expect(list.reach(2)).rejects.toThrow('the disk went away');
  await expect(list.reach(2)).rejects.toThrow('the disk went away');
  expect(list.failed).toBe(true);
});

test('a search that is given up goes on for those who wait, and is never taken for whole', async () => {
  const list = growIdList(parts(20));
  const waiting = list.reach(10_000);
  list.stop();
  await waiting;
  expect(list.ids().length).toBeGreaterThanOrEqual(10_000);
  await setImmediate();
  await setImmediate();
  expect([list.done, list.failed]).toEqual([false, true]);
});

test('a list that nobody waits for gives way to one that somebody waits for, and goes on afterwards', async () => {
  const background = growIdList(parts(100));
  const wanted = growIdList(parts(50));
  await wanted.reach(Infinity);
  expect(wanted.done).toBe(true);
  expect(background.ids().length).toBeLessThan(10_000);
  await background.reachWithin(50_000, 0);
  expect(background.done).toBe(false);
  await background.reach(Infinity);
  expect(background.ids().length).toBe(100_000);
});
