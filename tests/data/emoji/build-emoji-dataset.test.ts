import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, test, vi } from 'vitest';
import { hashPicture } from '#core/pixels/picture-hash.ts';
import { buildEmojiDataset } from '#main/data/emoji/build-emoji-dataset.ts';
import { decodePicture } from '#main/data/pictures/decode-picture.ts';
import { temporaryFolder } from '../picture-files.ts';

test('the dataset by its recipe, from npm the first time and offline from then on', {
  timeout: 400_000,
}, async () => {
  const parent = temporaryFolder();
  const folder = join(parent, 'emoji');
  // A process killed earlier left this; no process has such a number.
  mkdirSync(join(parent, 'emoji.partial-99999999', 'google'), { recursive: true });
  const built = await buildEmojiDataset(folder);
  const { records } = built;
  const test = records.filter(({ split }) => split === 'test');
  const train = records.filter(({ split }) => split === 'train');

  // The figures of shared/demo/recipe.json.
  expect(test).toHaveLength(1200);
  expect(test.filter(({ label }) => label === 'flag')).toHaveLength(227);
  expect(Math.floor(train.length / 2)).toBe(2886);
  expect(new Set(test.map(({ label }) => label)).size).toBe(45);
  expect(new Set(test.map(({ label }) => label))).not.toContain(null);

  // Key, caption, class, name and split of every record, as a Python script made them from recipe and packages.
  const lines = records.map(({ key, caption, label, name, split }) =>
    [key, caption, label ?? '', name, split].join('\t'),
  );
  const sorted = lines.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect(createHash('sha256').update(sorted.join('\n')).digest('hex')).toBe(
    'b163d5ecfb405fc871de97103fd69a7d46206e861f917358816b36963758a9e0',
  );

  const apple = records.find(({ key }) => key === 'google/1f34e.png');
  expect(apple).toMatchObject({ width: 64, height: 64, label: 'fruit' });
  const picture = await decodePicture(join(folder, 'google', '1f34e.png'));
  expect(hashPicture(picture)).toBe(apple?.sha256);
  // An apple's corner is transparent, so white.
  expect([...picture.data.subarray(0, 3)]).toEqual([255, 255, 255]);
  expect((await sharp(join(folder, 'google', '1f34e.png')).metadata()).channels).toBe(3);

  expect(readdirSync(parent)).toEqual(['emoji']);
  expect(readdirSync(folder).toSorted()).toEqual([
    'ATTRIBUTION.md',
    'google',
    'licences',
    'records.json',
    'tables',
    'twitter',
  ]);
  expect(readFileSync(join(folder, 'ATTRIBUTION.md'), 'utf8')).toContain('CC BY 4.0');
  expect(readFileSync(join(folder, 'licences', 'emojibase-data-LICENSE'), 'utf8')).toContain('MIT');

  withoutNetwork();
  expect(await buildEmojiDataset(folder)).toEqual(built);
  // With a picture gone the folder is not whole: it is made again, which needs the network.
  rmSync(join(folder, 'google', '1f34e.png'));
  await expect(buildEmojiDataset(folder)).rejects.toMatchObject({ kind: 'unavailable' });
});

test('without network the error says so, and nothing is left', async () => {
  const parent = temporaryFolder();
  withoutNetwork();
  await expect(buildEmojiDataset(join(parent, 'datasets', 'emoji'))).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining('Connect to the network'),
  });
  expect(readdirSync(join(parent, 'datasets'))).toEqual([]);
});

test('without npm the error says so', async () => {
  const folder = temporaryFolder();
  setForThisTest('PATH', folder);
  setForThisTest('npm_execpath', '');
  await expect(buildEmojiDataset(join(folder, 'emoji'))).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining('there is no npm here'),
  });
});

test('a signal stops it, and nothing is left', async () => {
  const parent = temporaryFolder();
  writeFileSync(join(parent, 'other'), '');
  const stop = new AbortController();
  await expect(
    buildEmojiDataset(join(parent, 'emoji'), { signal: stop.signal, onProgress: () => stop.abort() }),
  ).rejects.toMatchObject({ kind: 'cancelled' });
  expect(readdirSync(parent)).toEqual(['other']);
});

/** npm with an empty cache and a registry where nobody listens, for the rest of the test. */
function withoutNetwork(): void {
  setForThisTest('npm_config_cache', temporaryFolder());
  setForThisTest('npm_config_registry', 'http://127.0.0.1:9');
}

function setForThisTest(variable: string, value: string): void {
  vi.stubEnv(variable, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}
