import { copyFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lastMetric } from '#db/runs/metrics.ts';
import { readLog } from '#db/runs/run-log.ts';
import { resumeRun, showRun, startRun } from '#main/workbench/runs/runs.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, scratchConfig, silentContext } from '../fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
const picture = (name: string) => join(temporary.folder, 'pictures', 'train', name);
/** 26 pairs in batches of 13: each picture is read in the first epoch. */
const settings = { epochs: 1, batchSize: 13, warmupSteps: 1, learningRate: 0.01 };

beforeAll(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
});
afterAll(() => {
  workspace.close();
  temporary.remove();
});

test('a changed, a missing and a damaged picture each stop a run by name, and it goes on once they are put back', async () => {
  for (const name of ['red-0.png', 'green-0.png', 'blue-0.png'])
    copyFileSync(picture(name), `${picture(name)}.kept`);
  const putBack = (name: string) => renameSync(`${picture(name)}.kept`, picture(name));
  copyFileSync(picture('red-1.png'), picture('red-0.png'));
  const config = scratchConfig(settings);
  await expect(startRun(workspace, { name: 'run', config }, silentContext())).rejects.toMatchObject({
    kind: 'corrupt-file',
    message: expect.stringMatching(
      /train\/red-0\.png[\s\S]*other pixels than when it was imported[\s\S]*--changed-pictures list/,
    ),
  });
  expect(showRun(workspace, 'run').state).toBe('failed');
  putBack('red-0.png');

  renameSync(picture('green-0.png'), picture('gone'));
  await expect(resumeRun(workspace, 'run', silentContext())).rejects.toMatchObject({
    kind: 'not-found',
    message: expect.stringMatching(/green-0\.png/),
  });
  putBack('green-0.png');

  writeFileSync(picture('blue-0.png'), 'no picture');
  await expect(resumeRun(workspace, 'run', silentContext())).rejects.toMatchObject({
    kind: 'corrupt-file',
    message: expect.stringMatching(/blue-0\.png/),
  });
  putBack('blue-0.png');
  await resumeRun(workspace, 'run', silentContext());
  expect(showRun(workspace, 'run')).toMatchObject({ state: 'done', step: 2 });
}, 120_000);

test('as chosen, a run goes on with changed pictures and lists them', async () => {
  copyFileSync(picture('red-1.png'), picture('red-0.png'));
  const config = scratchConfig(settings, {
    data: { kind: 'dataset', id: 'colours', changedPictures: 'list' },
  });
  await startRun(workspace, { name: 'listing', config }, silentContext());
  const { id, state } = showRun(workspace, 'listing');
  expect(state).toBe('done');
  expect(lastMetric(workspace.db, id, 'changed_pictures')).toBe(1);
  expect(readLog(workspace.db, id, 100).filter(({ text }) => text.includes('train/red-0.png'))).toHaveLength(
    1,
  );
}, 60_000);
