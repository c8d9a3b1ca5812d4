import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportFormatNames } from '#contract/dataset-export.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { exportDataset } from '#main/workbench/datasets/exporting/export-dataset.ts';
import { importFrom } from '#main/workbench/datasets/importing/import-dataset.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { hues, makeFolder, silentContext, writeNoisyPicture } from '../../fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
const at = (...parts: string[]) => join(temporary.folder, ...parts);

beforeAll(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(at('workspace'));
  const rows = ['image,caption,label,split'];
  for (let number = 0; number < 7; number += 1) {
    const split = number < 5 ? 'train' : number < 6 ? 'val' : 'test';
    await writeNoisyPicture(at('set', `${number}.png`), hues[number % 2 === 0 ? 'red' : 'blue']);
    const label = number % 2 === 0 ? 'red thing' : 'blue thing';
    rows.push(`${number}.png,"a ""quoted"", é ${number}",${label},${split}`);
    if (number === 0) rows.push(`0.png,another caption,${label},${split}`);
  }
  writeFileSync(at('set', 'pairs.csv'), rows.join('\n'));
  await importFrom(workspace, { path: at('set', 'pairs.csv'), name: 'set', strict: true }, silentContext());
});
afterAll(() => {
  workspace.close();
  temporary.remove();
});

const rowsOf = (dataset: string, withCaption: boolean) =>
  [...iterateRecords(workspace.db, dataset)]
    .map(({ sha256, caption, label, split }) =>
      [sha256, withCaption ? caption : '', label, split].join(' | '),
    )
    .sort();

test.each(exportFormatNames)(
  '%s is read back with the same hashes, captions, classes and splits',
  async (format) => {
    const outcome = await exportDataset(
      workspace,
      { dataset: 'set', folder: at(format), format, picturesPerPart: 2 },
      silentContext(),
    );
    // Five training pictures in threes parts of two, and one each of the others.
    expect(outcome).toMatchObject({ parts: 5, resumed: 0 });
    const back = await importFrom(
      workspace,
      { path: at(format), name: format, strict: false },
      silentContext(),
    );
    expect(back.left.rows).toEqual([]);
    const hasCaptions = format !== 'class-folders';
    const expected = rowsOf(outcome.dataset.id, hasCaptions);
    expect(rowsOf(back.dataset.id, hasCaptions)).toEqual(hasCaptions ? expected : [...new Set(expected)]);
    expect(back.dataset.pictures).toBe(7);
  },
);

test('one that was cut short goes on with the parts that are missing, and another folder is refused', async () => {
  const request = { dataset: 'set', folder: at('cut'), format: 'webdataset', picturesPerPart: 2 } as const;
  const gentle = new AbortController();
  let parts = 0;
  const stopping = {
    ...silentContext(),
    reporter: {
      say: () => {},
      progress: () => {
        parts += 1;
        if (parts === 2) gentle.abort();
      },
    },
    interrupt: { gentle: gentle.signal, hard: new AbortController().signal },
  };
  await expect(exportDataset(workspace, request, stopping)).rejects.toMatchObject({ kind: 'cancelled' });
  expect(existsSync(at('cut', 'train-00001.tar'))).toBe(true);
  expect(existsSync(at('cut', 'test-00000.tar'))).toBe(false);
  expect(await exportDataset(workspace, request, silentContext())).toMatchObject({ parts: 5, resumed: 2 });
  await expect(
    exportDataset(workspace, { ...request, format: 'parquet' }, silentContext()),
  ).rejects.toMatchObject({ kind: 'conflict' });
});

test('a picture that has changed is refused by name', async () => {
  rmSync(at('set', '3.png'));
  await writeNoisyPicture(at('set', '3.png'), hues.green);
  await expect(
    exportDataset(workspace, { dataset: 'set', folder: at('changed'), format: 'csv' }, silentContext()),
  ).rejects.toThrow(/record 3\.png has changed/);
});
