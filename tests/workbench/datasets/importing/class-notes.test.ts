import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noNames } from '#main/data/readers/class-names.ts';
import { classNotes } from '#main/workbench/datasets/importing/class-notes.ts';
import { importFrom } from '#main/workbench/datasets/importing/import-dataset.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { hues, makeFolder, silentContext, writeNoisyPicture } from '../../fixtures.ts';

test.each([
  [['Effusion|Mass', 'Effusion'], 'class-several', 1],
  // A comma is part of a name, unless what it parts are classes.
  [['tench, Tinca tinca', 'hen'], 'class-several', undefined],
  [['dog,cat', 'cat'], 'class-several', 1],
  [['nan', 'N/A', 'banana'], 'class-missing', 2],
  [['3.0', '0.0', 'v1.0'], 'class-ids', 2],
  [['dog ', 'Dog'], 'class-alike', 2],
])('%j: %s', (classes, kind, count) => {
  expect(classNotes(classes, noNames).find((note) => note.kind === kind)?.count).toBe(count);
});

test("a number and an id of one class, as Keras's file has them, are no two with one name", () => {
  const byId = new Map([
    ['n01440764', 'tench'],
    ['0', 'tench'],
    ['1', 'crane'],
    ['2', 'crane'],
  ]);
  const notes = classNotes(['crane', 'tench'], { ...noNames, byId });
  expect(notes.find(({ kind }) => kind === 'class-name-twice')?.message).toMatch(/class: crane \(1, 2\)\.$/);
});

test('a picture of several classes is said', async () => {
  const { folder, remove } = makeFolder();
  const workspace = openWorkspace(join(folder, 'workspace'));
  try {
    await writeNoisyPicture(join(folder, 'a.png'), hues.red);
    await writeNoisyPicture(join(folder, 'b.png'), hues.blue);
    const path = join(folder, 'd.csv');
    writeFileSync(path, 'image,label\na.png,dog\na.png,cat\nb.png,dog\nb.png,dog\n');
    const request = { path, strict: false, unchecked: true };
    const { notes } = await importFrom(workspace, request, silentContext());
    expect(notes.find(({ kind }) => kind === 'class-several')?.count).toBe(1);
  } finally {
    workspace.close();
    remove();
  }
});
