import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { iterateRecords } from '#db/datasets/records.ts';
import { describeDataset, showDatasets } from '#main/workbench/datasets/datasets.ts';
import { type ImportRequest, importFrom } from '#main/workbench/datasets/importing/import-dataset.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { hues, makeFolder, silentContext, writeNoisyPicture } from '../fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
let csv: string;
let hashes: string[];
beforeEach(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
  csv = join(temporary.folder, 'pairs.csv');
  const rows = ['image,caption,label'];
  hashes = [];
  for (let number = 0; number < 12; number += 1) {
    hashes.push(await writeNoisyPicture(join(temporary.folder, `${number}.png`), hues.blue));
    rows.push(`${number}.png,thing ${number},blue`);
  }
  writeFileSync(csv, `${rows.join('\n')}\n`);
});
afterEach(() => {
  workspace.close();
  temporary.remove();
});

const request = (changes: Partial<ImportRequest> = {}): ImportRequest => ({
  path: csv,
  name: 'pairs',
  templates: null,
  prompts: null,
  columns: {},
  strict: false,
  ...changes,
});

describe('importFrom', () => {
  it('keeps each pair with the hash of its picture, in the order of the file', async () => {
    const { dataset, skipped } = await importFrom(workspace, request(), silentContext());
    expect(skipped).toEqual([]);
    const records = [...iterateRecords(workspace.db, dataset.id)];
    expect(records.map(({ sha256 }) => sha256)).toEqual(hashes);
    expect(records.map(({ caption }) => caption)).toEqual(hashes.map((_, number) => `thing ${number}`));
    expect(describeDataset(workspace, 'pairs').splits).toEqual({ train: 12, validation: 0, test: 0 });
  });

  it('leaves nothing when it is stopped half way, and the name is free again', async () => {
    const gentle = new AbortController();
    const context = silentContext();
    const stopping = {
      ...context,
      reporter: { ...context.reporter, progress: (_: string, done: number) => done > 50 && gentle.abort() },
      interrupt: { ...context.interrupt, gentle: gentle.signal },
    };
    await expect(importFrom(workspace, request(), stopping)).rejects.toMatchObject({ kind: 'cancelled' });
    expect(showDatasets(workspace)).toEqual([]);
    await importFrom(workspace, request(), silentContext());
    expect(showDatasets(workspace).map(({ name, records }) => [name, records])).toEqual([['pairs', 12]]);
  });

  it('lists every bad row when it refuses', async () => {
    writeFileSync(csv, 'image,caption\n0.png,\nnone.png,x\n1.png,fine\n');
    await expect(importFrom(workspace, request({ strict: true }), silentContext())).rejects.toMatchObject({
      kind: 'bad-input',
      details: {
        skipped: [
          { row: 2, reason: expect.any(String) },
          { row: 3, reason: expect.any(String) },
        ],
      },
    });
    expect(showDatasets(workspace)).toEqual([]);
  });

  it('refuses a file of which nothing is left', async () => {
    writeFileSync(csv, 'image,caption\nnone.png,x\n');
    await expect(importFrom(workspace, request(), silentContext())).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringContaining('row 2'),
    });
  });

  it('refuses templates for a CSV and prompts without a place for the class', async () => {
    const templates = importFrom(workspace, request({ templates: ['a {}'] }), silentContext());
    await expect(templates).rejects.toMatchObject({ kind: 'bad-input' });
    for (const prompt of ['a thing', '{} or {}']) {
      const prompts = importFrom(workspace, request({ prompts: [prompt] }), silentContext());
      await expect(prompts).rejects.toMatchObject({ kind: 'bad-input', details: { prompts: [prompt] } });
    }
  });
});
