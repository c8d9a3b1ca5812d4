import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NewRecord, Split } from '#contract/dataset.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { measuredPart, testRecords } from '#main/workbench/evaluations/test-records.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { makeFolder } from '../fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
beforeEach(() => {
  temporary = makeFolder();
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
});
afterEach(() => {
  workspace.close();
  temporary.remove();
});

async function datasetOf(...rows: [Split, string | null][]) {
  const records = rows.map(
    ([split, label], at): NewRecord => ({
      key: `${at}.png`,
      caption: 'x',
      label,
      name: null,
      split,
      sha256: `${at}`.padStart(64, '0'),
      width: 1,
      height: 1,
    }),
  );
  const source = { kind: 'csv' as const, path: '/x.csv' };
  return importDataset(
    workspace.db,
    {
      name: `d${rows.join('')}`.replaceAll(',', ''),
      source,
      root: '/',
      prompts: ['{}'],
      captionTemplates: ['{}'],
    },
    [records],
  );
}

test.each<[string, [Split, string | null][], string[], Split | null]>([
  [
    'test where it has labels',
    [
      ['train', 'a'],
      ['validation', 'a'],
      ['test', 'b'],
    ],
    ['2.png'],
    'test',
  ],
  [
    'validation where there is no test',
    [
      ['train', 'a'],
      ['validation', 'a'],
      ['train', 'b'],
    ],
    ['1.png'],
    'validation',
  ],
  [
    'validation where test has no labels',
    [
      ['train', 'a'],
      ['validation', 'b'],
      ['test', null],
    ],
    ['1.png'],
    'validation',
  ],
  [
    'training pictures, and says so',
    [
      ['train', 'a'],
      ['train', 'b'],
      ['train', null],
    ],
    ['0.png', '1.png'],
    null,
  ],
])('measured is %s', async (_, rows, keys, split) => {
  const dataset = await datasetOf(...rows);
  expect([...testRecords(workspace, dataset)].map(({ key }) => key)).toEqual(keys);
  expect(measuredPart(workspace, dataset.id)).toEqual({ split, count: keys.length });
});

test('a dataset without labels is refused', async () => {
  const dataset = await datasetOf(['train', null]);
  expect(() => [...testRecords(workspace, dataset)]).toThrow(/no labels/);
});
