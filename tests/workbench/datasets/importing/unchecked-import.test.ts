import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { iterateRecords } from '#db/datasets/records.ts';
import { noNames } from '#main/data/readers/class-names.ts';
import { lookAt } from '#main/data/readers/look.ts';
import { readers } from '#main/data/readers/readers.ts';
import { describeDataset } from '#main/workbench/datasets/datasets.ts';
import { seekDuplicates, viewDuplicates } from '#main/workbench/datasets/duplicates/duplicates.ts';
import { exportDataset } from '#main/workbench/datasets/exporting/export-dataset.ts';
import { importFrom } from '#main/workbench/datasets/importing/import-dataset.ts';
import { type ImportStep, uncheckedSteps } from '#main/workbench/datasets/importing/import-steps.ts';
import { readApart } from '#main/workbench/datasets/importing/read-apart.ts';
import { checkPictures } from '#main/workbench/datasets/keeping/check-pictures.ts';
import { relocateDataset } from '#main/workbench/datasets/keeping/relocate-dataset.ts';
import { toEngineRecord } from '#main/workbench/engine/engine-records.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { hues, makeFolder, silentContext, writeNoisyPicture } from '../../fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
const at = (...parts: string[]) => join(temporary.folder, ...parts);

beforeEach(() => {
  temporary = makeFolder();
  workspace = openWorkspace(at('workspace'));
});
afterEach(() => {
  workspace.close();
  temporary.remove();
});

/** Two captions of a, its pixels once more as a test picture, one that is no picture, and one that is nowhere. */
async function writeSet(): Promise<void> {
  await writeNoisyPicture(at('set', 'a.png'), hues.red);
  await writeNoisyPicture(at('set', 'b.png'), hues.green);
  copyFileSync(at('set', 'a.png'), at('set', 'copy.png'));
  writeFileSync(at('set', 'broken.png'), 'no picture');
  const rows = ['a.png,one,train', 'a.png,two,train', 'b.png,three,train', 'copy.png,four,test'];
  writeFileSync(
    at('set', 'pairs.csv'),
    ['image,caption,split', ...rows, 'broken.png,five,train', 'nowhere.png,six,train'].join('\n'),
  );
}
const importSet = (name: string, unchecked: boolean) =>
  importFrom(workspace, { path: at('set', 'pairs.csv'), name, strict: false, unchecked }, silentContext());
const recordsOf = (name: string) => [
  ...iterateRecords(workspace.db, describeDataset(workspace, name).dataset.id),
];
const factsOf = (name: string) =>
  recordsOf(name).map(({ key, caption, split, sha256, width, height }) => [
    key,
    caption,
    split,
    sha256,
    width,
    height,
  ]);

test('an import that looks at no picture says so, and what needs to know them is refused', async () => {
  await writeSet();
  const { dataset, skipped, notes } = await importSet('quick', true);
  expect(dataset).toMatchObject({ records: 5, pictures: 4, unchecked: true });
  expect(skipped).toEqual([{ row: 7, reason: `There is no picture at ${at('set', 'nowhere.png')}.` }]);
  expect(notes.find(({ kind }) => kind === 'not-looked-at')?.count).toBe(4);
  expect(factsOf('quick').map((facts) => facts.slice(3))).toEqual(
    Array.from({ length: 5 }, () => [null, null, null]),
  );
  expect(viewDuplicates(workspace, 'quick', { offset: 0, limit: 9 }).soughtAt).toBeNull();
  const refused = expect.objectContaining({
    kind: 'conflict',
    message: expect.stringContaining('ccw dataset verify quick'),
  });
  await expect(seekDuplicates(workspace, 'quick', silentContext())).rejects.toEqual(refused);
  const request = { dataset: 'quick', folder: at('out'), format: 'csv' as const };
  await expect(exportDataset(workspace, request, silentContext())).rejects.toEqual(refused);
  const moved = { dataset: 'quick', root: at('set'), partial: false };
  await expect(relocateDataset(workspace, moved, silentContext())).rejects.toEqual(refused);
  // A run reads the pictures itself; there is no hash that they could be compared with.
  expect(toEngineRecord(dataset, recordsOf('quick')[0]!)).not.toHaveProperty('sha256');
});

test('a check makes of it what an import with a look gives, and marks what cannot be read', async () => {
  await writeSet();
  await importSet('whole', false);
  await importSet('quick', true);
  const outcome = await checkPictures(workspace, 'quick', silentContext());
  expect(outcome).toMatchObject({
    checked: 5,
    missing: 0,
    changed: 1,
    found: [{ key: 'broken.png', state: 'changed' }],
  });
  expect(factsOf('quick').filter(([key]) => key !== 'broken.png')).toEqual(factsOf('whole'));
  const { dataset, notes } = describeDataset(workspace, 'quick');
  expect(dataset.unchecked).toBe(false);
  expect(notes.map(({ kind }) => kind)).not.toContain('not-looked-at');
  expect(notes.find(({ kind }) => kind === 'leak')?.count).toBe(1);
  const groups = (name: string) =>
    viewDuplicates(workspace, name, { offset: 0, limit: 9 }).groups.map(({ kind, leak, pictures }) => [
      kind,
      leak,
      pictures.map(({ key }) => key),
    ]);
  expect(groups('quick')).toEqual(groups('whole'));
  expect(groups('whole')).toEqual([['exact', true, ['a.png', 'copy.png']]]);
});

/** 20,000 rows on 9,000 pictures, every tenth with too few columns: more than two steps. */
function writeLong(): string {
  mkdirSync(at('long'), { recursive: true });
  for (let i = 0; i < 90; i += 1) writeFileSync(at('long', `${i}.png`), '');
  const rows = Array.from({ length: 20_000 }, (_, i) =>
    i % 10 === 9 ? 'lost' : `${i % 90}.png,"caption, ${i}",class ${i % 7}`,
  );
  writeFileSync(at('long', 'pairs.csv'), ['image,caption,label', ...rows].join('\n'));
  return at('long', 'pairs.csv');
}
async function collect(steps: AsyncIterable<ImportStep>): Promise<ImportStep[]> {
  const all: ImportStep[] = [];
  for await (const step of steps) all.push(step);
  return all;
}
const options = { templates: ['a photo of a {}.'], names: noNames };
const summary = (steps: readonly ImportStep[]) => ({
  rows: steps.flatMap(({ packed }): unknown[] => {
    const text = workspace.db.prepare<[Uint8Array], string>('SELECT json(?)').pluck();
    return JSON.parse(text.get(packed.rows) ?? '');
  }).length,
  skipped: steps.flatMap(({ skipped }) => skipped),
  reached: steps.at(-1)?.reached,
});

test('what a thread of its own reads is the same, step by step, also from the middle on', async () => {
  const path = writeLong();
  const reading = async () => readers.csv.open(await lookAt(path), options);
  const here = await collect(uncheckedSteps(await reading(), {}));
  expect(here.length).toBeGreaterThan(2);
  expect(summary(here)).toMatchObject({ rows: 18_000, reached: { items: 20_000 } });
  expect(summary(here).skipped.map(({ row }) => row)).toEqual(
    Array.from({ length: 2_000 }, (_, i) => 11 + 10 * i),
  );
  const apart = { path, format: 'csv' as const, options };
  expect(await collect(readApart({ ...apart, from: null }, undefined))).toEqual(here);
  const from = here[0]!.reached;
  expect(summary(await collect(readApart({ ...apart, from }, undefined)))).toEqual(summary(here.slice(1)));
  await expect(
    collect(readApart({ ...apart, from: { ...from, digest: 'other' } }, undefined)),
  ).rejects.toMatchObject({ kind: 'conflict' });
  await expect(collect(readApart({ ...apart, from: null }, AbortSignal.abort()))).rejects.toMatchObject({
    kind: 'cancelled',
  });
});

test('captions of a picture that stand steps apart are pairs of their own, in the order of the table', async () => {
  const path = writeLong();
  const { dataset, left } = await importFrom(
    workspace,
    { path, name: 'long', strict: false, unchecked: true },
    silentContext(),
  );
  expect(dataset).toMatchObject({
    records: 18_000,
    pictures: 81,
    classes: Array.from({ length: 7 }, (_, i) => `class ${i}`),
  });
  expect(left.total).toBe(2_000);
  const records = recordsOf('long');
  expect(new Set(records.map(({ key }) => key)).size).toBe(18_000);
  expect(records.map(({ caption }) => caption)).toEqual(
    Array.from({ length: 20_000 }, (_, i) => i)
      .filter((i) => i % 10 !== 9)
      .map((i) => `caption, ${i}`),
  );
});
