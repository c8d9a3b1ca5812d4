import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { countRecords, iterateRecords, iterateTrainingRecords } from '#db/datasets/records.ts';
import type { Database } from '#db/open.ts';
import { insertVariant } from '#db/variants/variants.ts';
import { changed, datasetNamed, recordNumber, variantNamed } from '../records-for-tests.ts';
import { temporaryDatabase } from '../temporary-database.ts';

/** 10,000 records (more than two pages), every tenth test, of those every second labelled; another dataset between. */
async function importInterleaved(db: Database): Promise<string> {
  const records = Array.from({ length: 10_000 }, (_, i) =>
    recordNumber(i, i % 10 === 0 ? { split: 'test', label: i % 20 === 0 ? `class ${i % 3}` : null } : {}),
  );
  async function* batches() {
    yield records.slice(0, 3000);
    await importDataset(db, datasetNamed('other'), [[recordNumber(1), recordNumber(2)]]);
    yield records.slice(3000);
  }
  return (await importDataset(db, datasetNamed('pairs'), batches())).id;
}

test('records come back as they went in, in order, page after page', async () => {
  const db = temporaryDatabase();
  const id = await importInterleaved(db);
  let i = 0;
  let lastId = 0;
  for (const record of iterateRecords(db, id, { split: 'train' })) {
    if (i % 10 === 0) i++;
    const { id: recordId, datasetId, ...rest } = record;
    expect(rest).toEqual(recordNumber(i));
    expect(datasetId).toBe(id);
    expect(recordId).toBeGreaterThan(lastId);
    lastId = recordId;
    i++;
  }
  expect(i).toBe(10_000);
});

test.each([
  [{}, 10_000],
  [{ split: 'train' }, 9000],
  [{ split: 'test' }, 1000],
  [{ split: 'validation' }, 0],
  [{ labelled: true }, 500],
  [{ labelled: false }, 9500],
  [{ split: 'test', labelled: true }, 500],
  [{ split: 'train', labelled: true }, 0],
] as const)('filter %o gives %i records, counted and iterated, by ascending id', async (filter, count) => {
  const db = temporaryDatabase();
  const id = await importInterleaved(db);
  const ids = Array.from(iterateRecords(db, id, filter), (record) => record.id);
  expect(ids).toHaveLength(count);
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  expect(countRecords(db, id, filter)).toBe(count);
});

test('the database can be written to between two records', async () => {
  const db = temporaryDatabase();
  const id = await importInterleaved(db);
  const records = iterateRecords(db, id);
  records.next();
  await importDataset(db, datasetNamed('third'), [[recordNumber(1)]]);
  expect([...records]).toHaveLength(9999);
});

test("training records carry the variant's captions; the others stay as they are", async () => {
  const db = temporaryDatabase();
  const { id } = await importDataset(db, datasetNamed('pairs'), [
    [recordNumber(0, { split: 'test' }), recordNumber(1), recordNumber(2), recordNumber(3)],
  ]);
  const ids = Array.from(iterateRecords(db, id), (record) => record.id);
  const variant = insertVariant(db, variantNamed('poisoned', id), [
    changed(ids[1] ?? 0, 1),
    changed(ids[3] ?? 0, 3),
  ]);
  insertVariant(db, variantNamed('other', id), [changed(ids[2] ?? 0, 2)]);
  const told = Array.from(iterateTrainingRecords(db, id, variant.id), ({ record, part, caption }) => [
    record.key,
    record.caption,
    part,
    caption,
  ]);
  expect(told).toEqual([
    ['images/1.png', 'picture 1', 0, 'a fruit'],
    ['images/2.png', 'picture 2', null, 'picture 2'],
    ['images/3.png', 'picture 3', 0, 'a fruit'],
  ]);
  expect(Array.from(iterateTrainingRecords(db, id, null), ({ part }) => part)).toEqual([null, null, null]);
});

test('an unknown dataset is an error, not an empty one', () => {
  const db = temporaryDatabase();
  expect(() => [...iterateRecords(db, 'ds_unknown')]).toThrow(expect.objectContaining({ kind: 'not-found' }));
});

test('records may share a picture: each further caption has a key of its own, which no file can take away', async () => {
  const db = temporaryDatabase();
  const pair = (key: string, caption: string) => recordNumber(1, { key, caption });
  const { id, records, pictures } = await importDataset(db, datasetNamed('captions'), [
    [pair('a.png#2', 'of another file'), pair('a.png', 'one'), pair('a.png', 'two')],
    [pair('a.png', 'three'), pair('b.png', 'other'), pair('a.png', 'one')],
  ]);
  expect([records, pictures]).toEqual([6, 3]);
  const found = Array.from(iterateRecords(db, id), ({ key, picture, caption }) => [key, picture, caption]);
  expect(found.map(([, , caption]) => caption)).toEqual([
    'of another file',
    'one',
    'two',
    'three',
    'other',
    'one',
  ]);
  expect(new Set(found.map(([key]) => key)).size).toBe(6);
  expect(found.map(([key, picture = key]) => picture)).toEqual([
    'a.png#2',
    'a.png',
    'a.png',
    'a.png',
    'b.png',
    'a.png',
  ]);
});

test('where a picture lies inside a file comes back as it went in', async () => {
  const db = temporaryDatabase();
  const source = { kind: 'tar' as const, path: 'a.tar', offset: 512, bytes: 99 };
  const { id } = await importDataset(db, datasetNamed('shards'), [
    [recordNumber(1, { source }), recordNumber(2)],
  ]);
  expect(Array.from(iterateRecords(db, id), (record) => record.source)).toEqual([source, undefined]);
});

test('several captions of a picture get places behind its key, however many records come at once', async () => {
  const db = temporaryDatabase();
  // 130 pictures with three captions each, and a picture that is really called like another's second caption.
  const pairs = Array.from({ length: 390 }, (_, i) => recordNumber(i, { key: `${Math.floor(i / 3)}.png` }));
  const odd = recordNumber(0, { key: '7.png#2' });
  const again = recordNumber(1, { key: '5.png' });
  const { id, pictures } = await importDataset(db, datasetNamed('pairs'), [
    [odd, ...pairs.slice(0, 250)],
    [...pairs.slice(250), again],
  ]);
  const keys = Array.from(iterateRecords(db, id), ({ key }) => key);
  const expected = pairs.map((_, i) => {
    const picture = `${Math.floor(i / 3)}.png`;
    // The second place of picture 7 is taken.
    const place = (i % 3) + 1 + (picture === '7.png' && i % 3 > 0 ? 1 : 0);
    return place === 1 ? picture : `${picture}#${place}`;
  });
  expect(keys).toEqual(['7.png#2', ...expected, '5.png#4']);
  expect(pictures).toBe(131);
  expect(countRecords(db, id)).toBe(392);
});

test('any text comes back as it went in; half of a surrogate pair as U+FFFD', async () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
  const lone = fc.constantFrom('a\ud800b', '\udc00', 'n\0ul', '"\\', '[1]', 'null', '7');
  const db = temporaryDatabase();
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(text, lone), { minLength: 1, maxLength: 20 }), async (texts) => {
      const records = texts.map((caption, i) => recordNumber(i, { caption, name: caption, label: caption }));
      const { id } = await importDataset(db, datasetNamed(`texts ${round++}`), [records]);
      const expected = texts.map((one) => one.toWellFormed());
      const found = [...iterateRecords(db, id)];
      for (const column of ['caption', 'name', 'label'] as const)
        expect(found.map((record) => record[column])).toEqual(expected);
    }),
    { numRuns: 10 },
  );
});

test('however records are cut into batches, keys differ, and each picture, order and caption stays', async () => {
  const key = fc.constantFrom('a.png', 'b.png', 'a.png#2', 'a.png#3', 'b.png#2', 'x\ud800', 'x\udc00');
  const db = temporaryDatabase();
  let round = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(key, { maxLength: 9 }), { minLength: 1, maxLength: 5 }),
      async (batches) => {
        let number = 0;
        const records = batches.map((keys) =>
          keys.map((one) => recordNumber(number++, { key: one, caption: `${number}` })),
        );
        const { id, records: count } = await importDataset(db, datasetNamed(`keys ${round++}`), records);
        const found = [...iterateRecords(db, id)];
        expect(count).toBe(number);
        expect(found.map(({ caption }) => caption)).toEqual(
          Array.from({ length: number }, (_, i) => `${i + 1}`),
        );
        expect(new Set(found.map((record) => record.key)).size).toBe(number);
        const pictures = found.map(({ key: own, picture = own }) => picture);
        expect(pictures).toEqual(batches.flat().map((one) => one.toWellFormed()));
        for (const [at, { key: own }] of found.entries()) expect(own.startsWith(pictures[at]!)).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});
