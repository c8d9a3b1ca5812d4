import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { insertVariant } from '#db/variants/variants.ts';
import { changed, variantNamed } from '../../db/records-for-tests.ts';
import { hues, importSmallDataset, writeNoisyPicture } from '../../workbench/fixtures.ts';
import { importAnimals, keysOf } from '../animals.ts';
import { openBrowsedWorkspace } from '../browsed-workspace.ts';

describe('bringing data in', () => {
  it('a dry run guesses columns, shows rows and says what would be left out; the import is a job', async () => {
    const { folder, datasets, finish } = openBrowsedWorkspace();
    for (const i of [0, 1]) await writeNoisyPicture(join(folder, `${i}.png`), hues.blue);
    const path = join(folder, 'pairs.tsv');
    writeFileSync(
      path,
      'Filepath\tTitle\tcategory\n0.png\ta "blue" <b>\tblue\nnone.png\tgone\tblue\n1.png\tsecond\t\n',
    );
    const preview = await datasets.preview({ path });
    expect(preview).toMatchObject({
      format: 'csv',
      columns: ['Filepath', 'Title', 'category'],
      mapping: { image: 'Filepath', caption: 'Title', label: 'category', split: null },
      seen: 3,
      complete: true,
      problem: null,
      skipped: [{ row: 3, reason: expect.stringContaining('none.png') }],
    });
    expect(preview.rows).toMatchObject([
      { row: 2, key: '0.png', caption: 'a "blue" <b>', label: 'blue', split: 'train' },
      { row: 4, key: '1.png', caption: 'second', label: null, split: 'train' },
    ]);
    for (const { thumbnail } of preview.rows) expect(thumbnail).toMatch(/^data:image\/png;base64,.{20}/);
    const { image, caption, label } = preview.mapping;
    const job = await finish(
      await datasets.import({
        path,
        name: 'pairs',
        format: 'csv',
        imageColumn: image ?? '',
        captionColumn: caption ?? '',
        labelColumn: label ?? '',
      }),
    );
    expect(job.state).toBe('done');
    const [dataset] = await datasets.list();
    expect(dataset).toMatchObject({
      id: job.result?.id,
      name: 'pairs',
      records: 2,
      splits: { train: 2, test: 0 },
    });
  });

  it('what keeps an import from starting is told in the dry run', async () => {
    const { folder, datasets } = openBrowsedWorkspace();
    const path = join(folder, 'odd.csv');
    writeFileSync(path, 'a,b\n1,2\n');
    expect((await datasets.preview({ path })).problem).toMatch(
      /column of the paths of the pictures.*'a', 'b', or name the delimiter\.$/,
    );
    expect((await datasets.preview({ path, imageColumn: 'a', captionColumn: 'c' })).problem).toMatch(
      /no column 'c'/,
    );
    writeFileSync(path, '');
    expect((await datasets.preview({ path })).problem).not.toBeNull();
    await expect(datasets.preview({ path: join(folder, 'none') })).rejects.toMatchObject({
      kind: 'not-found',
    });
  });

  it('a folder is looked at with its classes and splits', async () => {
    const { folder, datasets } = openBrowsedWorkspace();
    const root = join(folder, 'pets');
    mkdirSync(join(root, 'test'), { recursive: true });
    await writeNoisyPicture(join(root, 'test', 'cat', '1.png'), hues.red);
    writeFileSync(join(root, 'notes.txt'), 'x');
    const preview = await datasets.preview({ path: root, templates: ['my {class}'] });
    expect(preview).toMatchObject({ format: 'split-folders', columns: [], complete: true, problem: null });
    expect(preview.rows).toMatchObject([
      { row: 'test/cat/1.png', caption: 'my cat', label: 'cat', split: 'test' },
    ]);
    expect(preview.skipped.map(({ row }) => row)).toEqual(['notes.txt']);
  });

  it('a dataset goes when it is deleted, its pictures stay, and its name is free at once', async () => {
    const { folder, workspace, datasets } = openBrowsedWorkspace();
    await importSmallDataset(workspace, join(folder, 'pictures'));
    const kept = join(folder, 'pictures', 'test', 'red-0.png');
    const removal = datasets.delete({ dataset: 'colours' });
    await importSmallDataset(workspace, join(folder, 'pictures'));
    expect(await removal).toEqual({ deleted: true });
    expect((await datasets.list()).map(({ name, records }) => [name, records])).toEqual([['colours', 35]]);
    expect(readFileSync(kept)).not.toHaveLength(0);
  });
});

it('an import says what it left out, and the dataset keeps it', async () => {
  const { folder, datasets, finish } = openBrowsedWorkspace();
  const root = join(folder, 'pets');
  await writeNoisyPicture(join(root, 'cat', '1.png'), hues.red);
  writeFileSync(join(root, 'cat', '<b>no picture.png'), 'text');
  writeFileSync(join(root, 'notes.txt'), 'x');
  const job = await finish(await datasets.import({ path: root, name: 'pets', format: 'class-folders' }));
  expect(job).toMatchObject({ state: 'done', result: { kind: 'dataset' } });
  expect(job.result?.note).toBe("1 record; 2 left out: the dataset's page says why.");
  expect((await datasets.get({ dataset: 'pets' })).skipped).toBe(2);
  expect(await datasets.skipped({ dataset: 'pets' })).toMatchObject([
    { row: 'cat/<b>no picture.png', reason: expect.stringContaining('cannot be decoded') },
    { row: 'notes.txt', reason: 'is in no class folder' },
  ]);
});

it('a check finds pictures that are missing or changed, and a later one those that are back', async () => {
  const { folder, workspace, datasets, finish } = openBrowsedWorkspace();
  await importSmallDataset(workspace, join(folder, 'pictures'));
  const [gone, other] = ['red-0.png', 'red-1.png'].map((name) => join(folder, 'pictures', 'test', name));
  const kept = readFileSync(gone ?? '');
  rmSync(gone ?? '');
  await writeNoisyPicture(other ?? '', hues.blue);
  const query = { dataset: 'colours' };
  const check = async () => (await finish(await datasets.check(query))).result?.note;
  // 3 x (8 + 3) + 2 records.
  expect(await check()).toBe('Of 35 records, 1 miss their picture and 1 have another one than was imported.');
  const states = async () => (await datasets.facets({ query })).state;
  expect(await states()).toEqual([
    { value: 'ready', count: 33 },
    { value: 'changed', count: 1 },
    { value: 'missing', count: 1 },
  ]);
  const missing = await datasets.page({ query: { ...query, states: ['missing'] }, offset: 0, limit: 9 });
  expect(keysOf(missing.rows)).toEqual(['test/red-0.png']);
  writeFileSync(gone ?? '', kept);
  expect(await check()).toBe('Of 35 records, 0 miss their picture and 1 have another one than was imported.');
  expect((await datasets.get(query)).checkedAt).not.toBeNull();
});

it('what was made from a dataset is named, and keeps it', async () => {
  const { workspace, datasets } = openBrowsedWorkspace();
  const { id } = await importAnimals(workspace, 'animals', 3);
  expect(await datasets.users({ dataset: id })).toEqual({ variants: [], runs: [], evaluations: 0 });
  const variant = insertVariant(workspace.db, variantNamed('poison', id), [changed(1, 7)]);
  expect(await datasets.users({ dataset: 'animals' })).toEqual({
    variants: [{ id: variant.id, name: 'poison' }],
    runs: [],
    evaluations: 0,
  });
  await expect(datasets.delete({ dataset: id })).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining("variant 'poison'"),
  });
});
