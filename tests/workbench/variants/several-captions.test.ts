import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SelectionRequest } from '#contract/variant.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { importFrom } from '#main/workbench/datasets/importing/import-dataset.ts';
import { countPoisonedPictures } from '#main/workbench/variants/poisoned-pictures.ts';
import { createVariant, describeVariant } from '#main/workbench/variants/variants.ts';
import { verifyVariant } from '#main/workbench/variants/verify-variant.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { hues, makeFolder, silentContext, writeNoisyPicture } from '../fixtures.ts';

/** 6 pictures, five captions each as in COCO; the last caption of each is a test pair. */
let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
beforeAll(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
  const rows = ['image,caption,split'];
  for (let number = 0; number < 6; number += 1) {
    await writeNoisyPicture(join(temporary.folder, `${number}.png`), hues.red);
    for (let caption = 0; caption < 5; caption += 1) {
      rows.push(`${number}.png,caption ${caption} of ${number},${caption === 4 ? 'test' : 'train'}`);
    }
  }
  writeFileSync(join(temporary.folder, 'five.csv'), rows.join('\n'));
  await importFrom(
    workspace,
    { path: join(temporary.folder, 'five.csv'), name: 'five', strict: false },
    silentContext(),
  );
});
afterAll(() => {
  workspace.close();
  temporary.remove();
});

const make = (name: string, count: number, selection: SelectionRequest) =>
  createVariant(
    workspace,
    {
      dataset: 'five',
      name,
      resolution: 12,
      seed: 1,
      parts: [
        {
          trigger: defaultPatch(3, 12),
          target: 'banana',
          amount: { kind: 'count', count },
          strategy: 'templates',
          selection: { classes: [null], ...selection },
        },
      ],
    },
    silentContext(),
  );
const pictureOf = (key: string) => key.replace(/#\d+$/, '');

test('one caption: a pair is poisoned alone, and what stays clean of its picture is counted', async () => {
  await make('one', 3, {});
  const { records } = describeVariant(workspace, 'one');
  expect(records).toHaveLength(3);
  const pictures = new Set(records.map(({ key }) => pictureOf(key))).size;
  expect(countPoisonedPictures(workspace, 'one')).toEqual({ pictures, cleanPairs: 5 * pictures - 3 });
});

test('all captions: the amount counts pictures, each with its four training captions, and the variant verifies', async () => {
  await make('all', 3, { allCaptions: true });
  const { records } = describeVariant(workspace, 'all');
  expect(records).toHaveLength(12);
  expect(new Set(records.map(({ key }) => pictureOf(key))).size).toBe(3);
  // The picture looks the same under each of its captions.
  expect(new Set(records.map(({ renderedSha256 }) => renderedSha256)).size).toBe(3);
  expect(countPoisonedPictures(workspace, 'all')).toEqual({ pictures: 3, cleanPairs: 3 });
  expect((await verifyVariant(workspace, 'all', silentContext())).ok).toBe(true);
  await expect(make('many', 7, { allCaptions: true })).rejects.toThrow(/has 6 training pictures/);
});

test('a picture is taken with all captions also where only one of them has the words', async () => {
  await make('words', 1, { allCaptions: true, caption: '"caption 2 of 3"' });
  expect(describeVariant(workspace, 'words').records.map(({ key }) => pictureOf(key))).toEqual(
    Array.from({ length: 4 }, () => '3.png'),
  );
});
