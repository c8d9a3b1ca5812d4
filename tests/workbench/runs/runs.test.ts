import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { latestCheckpoint, listCheckpoints } from '#db/runs/checkpoints.ts';
import { readMetrics } from '#db/runs/metrics.ts';
import type { TrainRequest } from '#main/workbench/runs/run-plans.ts';
import { resumeRun, showRun, train } from '#main/workbench/runs/runs.ts';
import { fromStoredPath, openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, silentContext } from '../fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
beforeEach(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
});
afterEach(() => {
  workspace.close();
  temporary.remove();
});

/** 26 pairs in batches of 8, twice: 6 steps. */
const request: TrainRequest = {
  variant: null,
  dataset: 'colours',
  architecture: 'demo',
  name: 'run',
  settings: { epochs: 2, batchSize: 8, warmupSteps: 2, learningRate: 0.01 },
};

it('records every step and epoch, and checkpoints of which the last can be resumed', async () => {
  await train(workspace, request, silentContext());
  const run = showRun(workspace, 'run');
  expect(run).toMatchObject({ state: 'done', step: 6, totalSteps: 6, message: null });
  expect(run.environment?.program).toMatch(/^cleanclip-workbench \d/);
  expect(readMetrics(workspace.db, run.id, 'loss')).toHaveLength(6);
  expect(readMetrics(workspace.db, run.id, 'epoch_loss')).toHaveLength(2);
  const checkpoints = listCheckpoints(workspace.db, run.id);
  expect(checkpoints.map(({ step, epoch }) => [step, epoch])).toEqual([
    [3, 1],
    [6, 2],
  ]);
  const optimiserKept = checkpoints.map(({ path }) =>
    existsSync(join(fromStoredPath(workspace, path), 'optimiser.safetensors')),
  );
  expect(optimiserKept).toEqual([true, true]);
});

it('leaves a run that cannot be recorded as failed, to be resumed from its checkpoint', async () => {
  const failing = {
    ...silentContext(),
    checkpoint: () => {
      throw new Error('disk full');
    },
  };
  await expect(train(workspace, request, failing)).rejects.toMatchObject({
    message: expect.stringMatching(/disk full[\s\S]*ccw runs resume run/),
  });
  const failed = showRun(workspace, 'run');
  expect(failed).toMatchObject({ state: 'failed', message: 'disk full', modelId: null });
  expect(latestCheckpoint(workspace.db, failed.id)?.step).toBe(3);
  const report = await resumeRun(workspace, 'run', silentContext());
  expect(report.resumedFromStep).toBe(3);
  expect(showRun(workspace, 'run')).toMatchObject({ state: 'done', message: null });
});
