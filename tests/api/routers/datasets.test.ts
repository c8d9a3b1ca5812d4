import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordQuery } from '#contract/api/datasets.ts';
import type { RecordState } from '#contract/dataset.ts';
import { beginImport, importDataset } from '#db/datasets/dataset-import.ts';
import { storeStates } from '#db/datasets/record-states.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { insertVariant } from '#db/variants/variants.ts';
import { readCsvRows } from '#main/data/tables/csv-rows.ts';
import { formatCsvRow } from '#main/data/tables/csv-text.ts';
import { seekDuplicates } from '#main/workbench/datasets/duplicates/duplicates.ts';
import { changed, datasetNamed, recordNumber, variantNamed } from '../../db/records-for-tests.ts';
import { importSmallDataset, silentContext } from '../../workbench/fixtures.ts';
import { animalNumber, importAnimals, keysOf, pictures, splitNames } from '../animals.ts';
import { openBrowsedWorkspace } from '../browsed-workspace.ts';

describe('page', () => {
  it('gives any stretch in the order of the records', async () => {
    const { workspace, datasets } = openBrowsedWorkspace();
    await importAnimals(workspace, 'before', 5);
    await importAnimals(workspace, 'animals', 100);
    const page = (offset: number, limit: number) =>
      datasets.page({ query: { dataset: 'animals' }, offset, limit }).then(({ rows }) => keysOf(rows));
    expect(await page(0, 3)).toEqual(pictures(0, 1, 2));
    expect(await page(50, 2)).toEqual(pictures(50, 51));
    expect(await page(98, 10)).toEqual(pictures(98, 99));
    expect(await page(100, 10)).toEqual([]);
  });

  it('is right where two imports went on at once, so that ids of one lie among those of the other', async () => {
    const { workspace, datasets } = openBrowsedWorkspace();
    const [one, two] = ['one', 'two'].map((name) => beginImport(workspace.db, datasetNamed(name)));
    for (let i = 0; i < 40; i += 1) (i % 4 < 3 ? one : two)?.add([animalNumber(i)]);
    one?.finish();
    two?.finish();
    const owned = Array.from({ length: 40 }, (_, i) => i).filter((i) => i % 4 < 3);
    const all = await datasets.page({ query: { dataset: 'one' }, offset: 2, limit: 5 });
    expect(keysOf(all.rows)).toEqual(pictures(...owned.slice(2, 7)));
    const dogs = await datasets.page({ query: { dataset: 'one', text: 'dog' }, offset: 0, limit: 100 });
    expect(keysOf(dogs.rows)).toEqual(pictures(...owned.filter((i) => i % 3 === 0)));
    expect(await datasets.count({ query: { dataset: 'one', text: 'dog' } })).toEqual({
      count: 10,
      exact: true,
    });
    const { split } = await datasets.facets({ query: { dataset: 'one', text: 'dog' } });
    expect(split.reduce((sum, { count }) => sum + count, 0)).toBe(10);
  });

  it('agrees with a plain filter on every kind of query, and so do counts and facets', async () => {
    const { workspace, datasets } = openBrowsedWorkspace();
    const count = 60;
    const { id } = await importAnimals(workspace, 'animals', count);
    insertVariant(
      workspace.db,
      variantNamed('poison', id),
      [3, 4, 9].map((i) => changed(i + 1, i)),
    );
    const taggedEven = Array.from({ length: count / 2 }, (_, place) => place * 2);
    await datasets.tag({ tag: 'even', recordIds: taggedEven.map((i) => i + 1) });

    const stateOf = (i: number): RecordState =>
      i % 7 === 0 ? 'missing' : i % 11 === 0 ? 'changed' : 'ready';
    storeStates(
      workspace.db,
      id,
      Array.from({ length: count }, (_, i) => ({ recordId: i + 1, state: stateOf(i) })).flatMap(
        ({ recordId, state }) => (state === 'ready' ? [] : [{ recordId, state }]),
      ),
    );

    const values = (i: number) => {
      const record = animalNumber(i);
      return { split: record.split, label: record.label, tag: i % 2 === 0, poisoned: [3, 4, 9].includes(i) };
    };
    const some = <T>(of: readonly T[]) => fc.subarray([...of]);
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          text: fc.constantFrom('', 'dog', 'CAT', 'do', 'number 1', '"number 1"', 'dog cat'),
          splits: some(splitNames),
          states: some<RecordState>(['ready', 'missing', 'changed']),
          labels: some<string | null>(['class 0', 'class 1', null, 'no such class']),
          tags: some(['even', 'no such tag']),
          poisonedIn: some(['poison']),
          variant: fc.constantFrom(null, 'poison'),
        }),
        async (parts) => {
          const query: RecordQuery = { dataset: 'animals', ...parts };
          const captionOf = (i: number) =>
            parts.variant !== null && values(i).poisoned ? 'a fruit' : animalNumber(i).caption;
          const textRight = (i: number) => {
            const words = captionOf(i).toLowerCase().match(/\w+/g) ?? [];
            if (parts.text === '"number 1"') return captionOf(i).endsWith('number 1');
            const typed = parts.text
              .toLowerCase()
              .split(' ')
              .filter((word) => word !== '');
            return typed.every((word) => words.some((found) => found.startsWith(word)));
          };
          const right = {
            split: (i: number) => parts.splits.length === 0 || parts.splits.includes(values(i).split),
            label: (i: number) => parts.labels.length === 0 || parts.labels.includes(values(i).label),
            state: (i: number) => parts.states.length === 0 || parts.states.includes(stateOf(i)),
            tag: (i: number) => parts.tags.length === 0 || (parts.tags.includes('even') && values(i).tag),
            poisonedIn: (i: number) => parts.poisonedIn.length === 0 || values(i).poisoned,
          };
          type Facet = keyof typeof right;
          const passes = (i: number, but?: Facet) =>
            textRight(i) &&
            (Object.keys(right) as Facet[]).every((facet) => facet === but || right[facet](i));
          const numbers = Array.from({ length: count }, (_, i) => i);
          const expected = numbers.filter((i) => passes(i));

          const { rows } = await datasets.page({ query, offset: 0, limit: 500 });
          expect(keysOf(rows)).toEqual(pictures(...expected));
          expect(rows.map(({ caption }) => caption)).toEqual(expected.map(captionOf));
          expect(rows.map(({ state }) => state)).toEqual(expected.map(stateOf));
          const tail = await datasets.page({ query, offset: 3, limit: 2 });
          expect(keysOf(tail.rows)).toEqual(pictures(...expected.slice(3, 5)));
          expect(await datasets.count({ query })).toEqual({ count: expected.length, exact: true });
          const facets = await datasets.facets({ query });
          expect(facets.exact).toBe(true);
          for (const { value, count: told } of facets.split) {
            expect(told).toBe(numbers.filter((i) => passes(i, 'split') && values(i).split === value).length);
          }
          for (const { value, count: told } of facets.label) {
            expect(told).toBe(numbers.filter((i) => passes(i, 'label') && values(i).label === value).length);
          }
          expect(new Map(facets.state.map(({ value, count: told }) => [value, told]))).toEqual(
            new Map(
              (['ready', 'missing', 'changed'] as const)
                .map((state) => {
                  const has = numbers.filter((i) => passes(i, 'state') && stateOf(i) === state);
                  return [state, has.length] as const;
                })
                .filter(([, told]) => told > 0),
            ),
          );
          expect(facets.tag).toEqual([
            { value: 'even', count: numbers.filter((i) => passes(i, 'tag') && values(i).tag).length },
          ]);
          expect(facets.poisonedIn).toEqual([
            {
              value: 'poison',
              count: numbers.filter((i) => passes(i, 'poisonedIn') && values(i).poisoned).length,
            },
          ]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('passes hostile captions, labels and names through as they are', async () => {
    const { workspace, datasets } = openBrowsedWorkspace();
    const hostile = [
      '<img src=x onerror=alert(1)>',
      '\u202eevil\u202c right',
      'x'.repeat(10_000),
      "'; DROP TABLE records; --",
      '👩‍👩‍👧‍👦 🏴‍☠️',
    ];
    await importDataset(workspace.db, datasetNamed('<b>bold</b>'), [
      hostile.map((caption, i) => recordNumber(i, { caption, label: caption.slice(0, 50) })),
    ]);
    const { rows } = await datasets.page({ query: { dataset: '<b>bold</b>' }, offset: 0, limit: 10 });
    expect(rows.map(({ caption }) => caption)).toEqual(hostile);
    const { label } = await datasets.facets({ query: { dataset: '<b>bold</b>' } });
    expect(new Set(label.map(({ value }) => value))).toEqual(
      new Set(hostile.map((text) => text.slice(0, 50))),
    );
    const found = await datasets.page({
      query: { dataset: '<b>bold</b>', text: hostile[0] ?? '' },
      offset: 0,
      limit: 9,
    });
    expect(found.rows.map(({ caption }) => caption)).toEqual([hostile[0]]);
  });

  it('names what is not there', async () => {
    const { workspace, datasets } = openBrowsedWorkspace();
    const { id } = await importAnimals(workspace, 'animals', 3);
    await importAnimals(workspace, 'others', 3);
    insertVariant(workspace.db, variantNamed('poison', id), []);
    const ask = (query: RecordQuery) => datasets.page({ query, offset: 0, limit: 1 });
    await expect(ask({ dataset: 'none' })).rejects.toMatchObject({ kind: 'not-found' });
    await expect(ask({ dataset: 'animals', variant: 'none' })).rejects.toMatchObject({ kind: 'not-found' });
    await expect(ask({ dataset: 'others', variant: 'poison' })).rejects.toMatchObject({ kind: 'bad-input' });
    await expect(datasets.record({ recordId: 99 })).rejects.toMatchObject({ kind: 'not-found' });
  });
});

it('counts of a frequent word are reached in the end', async () => {
  const { workspace, datasets } = openBrowsedWorkspace();
  await importAnimals(workspace, 'animals', 30_000);
  const query = { dataset: 'animals', text: 'number' };
  const { rows } = await datasets.page({ query, offset: 29_998, limit: 10 });
  expect(keysOf(rows)).toEqual(pictures(29_998, 29_999));
  expect(await datasets.count({ query })).toEqual({ count: 30_000, exact: true });
  const { split } = await datasets.facets({ query: { ...query, labels: ['class 0'] } });
  expect(split.map(({ value, count }) => [value, count])).toEqual([
    ['train', 2_500],
    ['validation', 2_500],
    ['test', 2_500],
  ]);
});

it('a tag given or taken away shows in pages and facets at once', async () => {
  const { workspace, datasets } = openBrowsedWorkspace();
  await importAnimals(workspace, 'animals', 30);
  const tagged = () =>
    datasets
      .page({ query: { dataset: 'animals', tags: ['look'] }, offset: 0, limit: 50 })
      .then(({ rows }) => rows);
  expect(await tagged()).toEqual([]);
  expect(await datasets.tag({ tag: 'look', query: { dataset: 'animals', text: 'owl' } })).toEqual({
    changed: 10,
    // Record i has the id i + 1.
    changedIds: [3, 6, 9, 12, 15, 18, 21, 24, 27, 30],
  });
  expect(keysOf(await tagged())).toEqual(pictures(2, 5, 8, 11, 14, 17, 20, 23, 26, 29));
  expect((await tagged())[0]?.tags).toEqual(['look']);
  await datasets.tag({
    tag: 'look',
    remove: true,
    query: { dataset: 'animals', tags: ['look'], splits: ['test'] },
  });
  // Of the owls, 5, 11, 17, 23 and 29 are test: i div 2 mod 3 is 2.
  expect(keysOf(await tagged())).toEqual(pictures(2, 8, 14, 20, 26));
  expect((await datasets.facets({ query: { dataset: 'animals' } })).tag).toEqual([
    { value: 'look', count: 5 },
  ]);
  await expect(datasets.tag({ tag: 'x' })).rejects.toMatchObject({ kind: 'bad-input' });
});

it('views keep a query under a name, wherever its dataset is named by', async () => {
  const { workspace, datasets } = openBrowsedWorkspace();
  const { id } = await importAnimals(workspace, 'animals', 3);
  const saved = await datasets.saveView({
    name: 'dogs',
    query: { dataset: 'animals', text: 'dog', labels: [null] },
  });
  const views = await datasets.views({ dataset: id });
  expect(views).toEqual([saved]);
  expect(views[0]?.query).toMatchObject({ dataset: id, text: 'dog', labels: [null], splits: [] });
  expect(await datasets.deleteView({ id: saved.id })).toEqual({ deleted: true });
  expect(await datasets.views({ dataset: id })).toEqual([]);
});

it("a record's details: tokens, hashes, what variants make of it", async () => {
  const { workspace, datasets } = openBrowsedWorkspace();
  const { id } = await importDataset(workspace.db, datasetNamed('pairs'), [
    [recordNumber(7, { caption: 'a photo of a cat. 🦊', name: 'cat' })],
  ]);
  const variant = insertVariant(workspace.db, variantNamed('poison', id), [changed(1, 7)]);
  const detail = await datasets.record({ recordId: 1, resolution: 32 });
  // The ids of OpenAI's CLIP for this text; the fox is four bytes in two tokens or more.
  expect(detail.tokens.slice(0, 7)).toEqual([
    { id: 49406, text: '<|startoftext|>' },
    { id: 320, text: 'a' },
    { id: 1125, text: 'photo' },
    { id: 539, text: 'of' },
    { id: 320, text: 'a' },
    { id: 2368, text: 'cat' },
    { id: 269, text: '.' },
  ]);
  expect(detail.tokens.at(-1)).toEqual({ id: 49407, text: '<|endoftext|>' });
  expect(detail).toMatchObject({
    sha256: '7'.padStart(64, '0'),
    name: 'cat',
    datasetId: id,
    poisonedIn: ['poison'],
    changes: [{ variantId: variant.id, newCaption: 'a fruit', renderedSha256: 'cd'.repeat(32) }],
  });
  expect(detail.picture).toMatch(/^\/media\/p\/1\?/);
  expect(detail.modelView).toMatch(/^\/media\/m\/1\?resolution=32/);
});

it('an export can be imported again', async () => {
  const { folder, workspace, datasets } = openBrowsedWorkspace();
  await importSmallDataset(workspace, join(folder, 'pictures'));
  const { fileName, text } = await datasets.exportCsv({
    query: { dataset: 'colours', labels: ['red'], splits: ['test'] },
  });
  expect(fileName).toBe('colours.csv');
  const csv = join(folder, fileName);
  writeFileSync(csv, text);
  const rows = [];
  for await (const { fields } of readCsvRows(csv, ',')) rows.push(fields);
  expect(rows[0]).toEqual(['image', 'caption', 'label', 'split']);
  expect(rows.slice(1).map((fields) => fields?.slice(1))).toEqual(
    [0, 1, 2].map((number) => [`a picture of red, number ${number}`, 'red', 'test']),
  );
  expect(readFileSync(rows[1]?.[0] ?? '')).not.toHaveLength(0);
  const chosen = await datasets.exportCsv({ query: { dataset: 'colours' }, recordIds: [1, 999] });
  expect(chosen.text.trim().split('\n')).toHaveLength(2);
});

it('an export guards what spreadsheets run, and an import gives the same texts back', async () => {
  const { folder, workspace, datasets, finish } = openBrowsedWorkspace();
  await importSmallDataset(workspace, join(folder, 'pictures'));
  const captions = ["=cmd|' /C calc'!A0", '@SUM(1+1)', "'-quoted", '-1', 'plain, with a comma', '+1 "more"'];
  const labels = ['=1+1', '-2', 'red', "'tis", '@home', 'blue'];
  const rows = captions.map((caption, place) => [
    `pictures/train/red-${place}.png`,
    caption,
    labels[place] ?? '',
  ]);
  const table = [['image', 'caption', 'label'], ...rows].map((row) => formatCsvRow(row, ',')).join('');
  writeFileSync(join(folder, 'given.csv'), table);
  await finish(await datasets.import({ path: join(folder, 'given.csv'), name: 'given' }));
  const { text } = await datasets.exportCsv({ query: { dataset: 'given' } });
  writeFileSync(join(folder, 'exported.csv'), text);
  for await (const { fields } of readCsvRows(join(folder, 'exported.csv'), ','))
    for (const cell of fields ?? []) expect(cell).not.toMatch(/^[=+@\t\r]|^-[^\d]/);
  await finish(await datasets.import({ path: join(folder, 'exported.csv'), name: 'again' }));
  const texts = async (dataset: string) => {
    const page = await datasets.page({ query: { dataset }, offset: 0, limit: 100 });
    return page.rows.map(({ caption, label }) => [caption, label]);
  };
  expect(await texts('again')).toEqual(captions.map((caption, place) => [caption, labels[place]]));
  expect(await texts('given')).toEqual(await texts('again'));
});

it('pages come sorted, filters and counts stay, and equal ones keep their order', async () => {
  const { workspace, datasets } = openBrowsedWorkspace();
  await importAnimals(workspace, 'animals', 12);
  const page = async (query: Partial<RecordQuery>, offset = 0, limit = 100) => {
    const { rows } = await datasets.page({ query: { dataset: 'animals', ...query }, offset, limit });
    return keysOf(rows);
  };
  // Captions are 'cat, number 1', 'cat, number 4' ..., then dogs, then owls; numbers count as numbers.
  const byCaption = pictures(1, 4, 7, 10, 0, 3, 6, 9, 2, 5, 8, 11);
  expect(await page({ sort: 'caption' })).toEqual(byCaption);
  expect(await page({ sort: 'caption' }, 3, 3)).toEqual(byCaption.slice(3, 6));
  expect(await page({ sort: 'caption', descending: true })).toEqual(byCaption.toReversed());
  expect(await page({ sort: 'class' })).toEqual(pictures(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11));
  expect(await page({ sort: 'caption', text: 'owl' })).toEqual(pictures(2, 5, 8, 11));
  expect(await page({ sort: 'pixels' })).toEqual(await page({}));
});

it('duplicates are shown with both pictures, and a dataset without them is made', async () => {
  const { folder, workspace, datasets } = openBrowsedWorkspace();
  await importSmallDataset(workspace, join(folder, 'pictures'));
  const [first] = [...iterateRecords(workspace.db, (await datasets.get({ dataset: 'colours' })).id)];
  if (first === undefined) throw new Error('no record');
  const { id: _, datasetId: __, ...record } = first;
  await importDataset(workspace.db, { ...datasetNamed('twice'), root: join(folder, 'pictures') }, [
    [record, { ...record, key: 'copy.png', source: { kind: 'file', path: record.key }, split: 'test' }],
  ]);
  expect(await datasets.duplicates({ dataset: 'twice' })).toMatchObject({ soughtAt: null, groups: [] });
  await seekDuplicates(workspace, 'twice', silentContext());
  const found = await datasets.duplicates({ dataset: 'twice' });
  expect(found.counts.exact).toEqual({ groups: 1, pictures: 1, leaked: 1 });
  expect(found.groups[0]).toMatchObject({ kind: 'exact', leak: true });
  expect(
    found.groups[0]?.pictures.map(({ split, thumbnail }) => [split, thumbnail.startsWith('/media/p/')]),
  ).toEqual([
    ['train', true],
    ['test', true],
  ]);
});
