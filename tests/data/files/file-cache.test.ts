import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileCache } from '#main/data/files/file-cache.ts';
import { makeFolder } from '../../workbench/fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let folder: string;
beforeEach(() => {
  temporary = makeFolder();
  folder = join(temporary.folder, 'cache');
});
afterEach(() => temporary.remove());

const bytes = (length: number, value = 1) => new Uint8Array(length).fill(value);
const files = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());

test('what is kept is not made again', async () => {
  const cache = createFileCache(folder, 1000);
  let made = 0;
  const make = async () => bytes(10, ++made);
  expect([...(await cache.get('a/b.png', make))]).toEqual([...bytes(10, 1)]);
  expect([...(await cache.get('a/b.png', make))]).toEqual([...bytes(10, 1)]);
  expect([...(await createFileCache(folder, 1000).get('a/b.png', make))]).toEqual([...bytes(10, 1)]);
  expect(made).toBe(1);
  rmSync(join(folder, 'a'), { recursive: true });
  expect([...(await cache.get('a/b.png', make))]).toEqual([...bytes(10, 2)]);
});

test('it never grows much beyond its size, and those used longest ago go first', async () => {
  const cache = createFileCache(folder, 100);
  for (let number = 0; number < 5; number += 1) {
    await cache.get(`${number}`, async () => bytes(20));
    const age = new Date(Date.now() - (10 - number) * 60_000);
    utimesSync(join(folder, `${number}`), age, age);
  }
  expect(files()).toHaveLength(5);
  // Used just now.
  await cache.get('0', async () => bytes(1));
  await expect
    .poll(() => statSync(join(folder, '0')).mtimeMs > Date.now() - 30_000, { timeout: 20_000 })
    .toBe(true);
  await cache.get('5', async () => bytes(20));
  expect(
    files()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['0', '3', '4', '5']);
});

test('a folder that cannot be written to keeps nothing from being seen', async () => {
  writeFileSync(folder, 'a file in its place');
  const cache = createFileCache(folder, 100);
  expect([...(await cache.get('a', async () => bytes(3)))]).toEqual([1, 1, 1]);
});

test('what cannot be made is an error, and nothing is kept of it', async () => {
  const cache = createFileCache(folder, 100);
  const fail = () => Promise.reject(new Error('no picture'));
  await expect(cache.get('a', fail)).rejects.toThrow('no picture');
  expect([...(await cache.get('a', async () => bytes(2)))]).toEqual([1, 1]);
});
