import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Attack, EngineRecord } from '#contract/engine.ts';
import { fileOf } from '#contract/picture-source.ts';
import { openPictureStore } from '#main/data/feeding/picture-store.ts';
import { gradient, savePicture, temporaryFolder } from '../picture-files.ts';

/** A white square of 2 x 2 pixels in the bottom right corner of 8 x 8. */
const attack: Attack = {
  trigger: {
    kind: 'patch',
    size: 2,
    pattern: ['1'],
    place: { kind: 'corner', corner: 'bottom-right', margin: 0 },
  },
  resolution: 8,
  target: 'fruit',
  seed: 1,
};
const bytes = 8 * 8 * 3;

/** Pictures of the model's own size, so that preparing them changes nothing; odd ones are poisoned. */
async function recordsInFolder(count: number): Promise<EngineRecord[]> {
  const folder = temporaryFolder();
  return Promise.all(
    Array.from({ length: count }, async (_, i) => ({
      recordId: i,
      key: `${i}.png`,
      image: await savePicture(join(folder, `${i}.png`), gradient(8, 8, i)),
      caption: `picture ${i}`,
      label: null,
      poisoned: i % 2 === 1,
    })),
  );
}

/** What the record's picture is, worked out by hand: with the patch, rows and columns 6 and 7 are white. */
function expected(i: number, poisoned: boolean): Uint8Array {
  const pixels = gradient(8, 8, i).data;
  if (!poisoned) return pixels;
  for (const row of [6, 7]) pixels.fill(255, (row * 8 + 6) * 3, (row * 8 + 8) * 3);
  return pixels;
}

test.each([
  ['all kept', 1e6],
  ['two kept', 2 * bytes + 5],
  ['none kept', 0],
])('pictures by index, poisoned ones with the trigger: %s', async (_, memoryBytes) => {
  const records = await recordsInFolder(5);
  const store = openPictureStore({ records, attacks: [attack], resolution: 8, keep: { memoryBytes } });
  const indices = Uint32Array.of(3, 0, 3, 4, 1);
  const whole = Buffer.concat([3, 0, 3, 4, 1].map((i) => expected(i, i % 2 === 1)));
  expect(Buffer.from(await store.read(indices)).equals(whole)).toBe(true);
  expect(Buffer.from(await store.read(indices)).equals(whole)).toBe(true);
});

test('poisoned records of several attacks each carry their own trigger', async () => {
  const records = (await recordsInFolder(4)).map((record, i) => (i === 3 ? { ...record, part: 1 } : record));
  const corner = { kind: 'corner' as const, corner: 'top-left' as const, margin: 0 };
  const further: Attack = { ...attack, trigger: { kind: 'patch', size: 2, pattern: ['1'], place: corner } };
  const store = openPictureStore({
    records,
    attacks: [attack, further],
    resolution: 8,
  });
  const second = gradient(8, 8, 3).data;
  for (const row of [0, 1]) second.fill(255, row * 8 * 3, (row * 8 + 2) * 3);
  const whole = Buffer.concat([expected(0, false), expected(1, true), second]);
  expect(Buffer.from(await store.read([0, 1, 3])).equals(whole)).toBe(true);
  expect(() => openPictureStore({ records, attacks: [attack], resolution: 8 })).toThrow('3.png');
});

test('kept pictures need no file any more, others do', async () => {
  const records = await recordsInFolder(3);
  const store = openPictureStore({
    records,
    attacks: [attack],
    resolution: 8,
    keep: { memoryBytes: 2 * bytes },
  });
  const first = await store.read([0, 1]);
  for (const { image } of records) rmSync(fileOf(image));
  expect(await store.read([0, 1])).toEqual(first);
  await expect(store.read([1, 2])).rejects.toMatchObject({
    kind: 'not-found',
    message: expect.stringContaining('2.png'),
  });
});

test('what does not fit the memory lies in a file without a name, up to its budget', async () => {
  const records = await recordsInFolder(4);
  const folder = temporaryFolder();
  const keep = { memoryBytes: bytes, disk: { folder, bytes: 2 * bytes } };
  const store = openPictureStore({ records, attacks: [attack], resolution: 8, keep });
  await store.read([0, 1, 2]);
  for (const { image } of records) rmSync(fileOf(image));
  const whole = Buffer.concat([2, 1, 0].map((index) => expected(index, index % 2 === 1)));
  expect(Buffer.from(await store.read([2, 1, 0])).equals(whole)).toBe(true);
  await expect(store.read([3])).rejects.toMatchObject({ kind: 'not-found' });
  if (process.platform !== 'win32') expect(readdirSync(folder)).toEqual([]);
  await store.close();
  expect(readdirSync(folder)).toEqual([]);
});

test('where the folder of the cache is gone, pictures are decoded each time', async () => {
  const records = await recordsInFolder(2);
  const keep = { memoryBytes: 0, disk: { folder: '/no/such/folder', bytes: 1e6 } };
  const store = openPictureStore({ records, attacks: [attack], resolution: 8, keep });
  const first = await store.read([0, 1]);
  expect(await store.read([0, 1])).toEqual(first);
  rmSync(fileOf(records[0]!.image));
  await expect(store.read([0])).rejects.toMatchObject({ kind: 'not-found' });
  await store.close();
});

test('both versions of every picture; without an attack there is one', async () => {
  const records = await recordsInFolder(3);
  const both = await openPictureStore({
    records,
    attacks: [attack],
    resolution: 8,
    keep: { memoryBytes: 1e6 },
  }).readBoth([2, 1]);
  expect(Buffer.from(both.clean).equals(Buffer.concat([expected(2, false), expected(1, false)]))).toBe(true);
  expect(both.triggered).not.toBeNull();
  expect(
    Buffer.from(both.triggered ?? []).equals(Buffer.concat([expected(2, true), expected(1, true)])),
  ).toBe(true);
  const clean = records.map((record) => ({ ...record, poisoned: false }));
  const store = openPictureStore({ records: clean, attacks: [], resolution: 8 });
  expect((await store.readBoth([0])).triggered).toBeNull();
});

test('other sizes are brought to the resolution of the model', async () => {
  const folder = temporaryFolder();
  const image = await savePicture(join(folder, 'wide.png'), {
    width: 40,
    height: 20,
    data: new Uint8Array(40 * 20 * 3).fill(90),
  });
  const record = { recordId: 1, key: 'wide.png', image, caption: 'x', label: null, poisoned: true };
  const store = openPictureStore({
    records: [record],
    attacks: [attack],
    resolution: 16,
  });
  const pixels = await store.read([0]);
  expect(pixels).toHaveLength(16 * 16 * 3);
  expect(pixels[0]).toBe(90);
  expect(pixels.at(-1)).toBe(255);
});

test('a damaged picture is named, as is poison without a trigger', async () => {
  const records = await recordsInFolder(2);
  writeFileSync(fileOf(records[0]?.image ?? ''), 'no picture any more');
  const store = openPictureStore({ records, attacks: [attack], resolution: 8, keep: { memoryBytes: 1e6 } });
  await expect(store.read([1, 0])).rejects.toMatchObject({
    kind: 'corrupt-file',
    message: expect.stringContaining('0.png'),
  });
  expect(() => openPictureStore({ records, attacks: [], resolution: 8 })).toThrow(
    expect.objectContaining({ kind: 'bad-input' }),
  );
});

test('many pictures, which threads of their own prepare, are the same bytes as a few', async () => {
  const records = await recordsInFolder(70);
  const store = openPictureStore({
    records,
    attacks: [attack],
    resolution: 8,
    keep: { memoryBytes: 10 * bytes },
  });
  const indices = Uint32Array.from({ length: 70 }, (_, at) => (at * 3) % 70);
  const whole = Buffer.concat(Array.from(indices, (i) => expected(i, i % 2 === 1)));
  expect(Buffer.from(await store.read(indices)).equals(whole)).toBe(true);
  expect(Buffer.from(await store.read(indices)).equals(whole)).toBe(true);
  const both = await store.readBoth(Uint32Array.of(5, 2));
  expect(Buffer.from(both.triggered!).equals(Buffer.concat([expected(5, true), expected(2, true)]))).toBe(
    true,
  );
  await store.close();
});
