import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { latestCheckpoint, listCheckpoints } from '#db/runs/checkpoints.ts';
import { readMetrics } from '#db/runs/metrics.ts';
import { resumeRun, type StartRequest, showRun, startRun } from '#main/workbench/runs/runs.ts';
import { fromStoredPath, openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, scratchConfig, silentContext } from '../fixtures.ts';

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
const settings = { epochs: 2, batchSize: 8, warmupSteps: 2, learningRate: 0.01 };
const request: StartRequest = {
  name: 'run',
  config: scratchConfig(settings),
  measuring: { eachEpoch: false, atEnd: false },
};

it('records every step and epoch, and checkpoints of which the last can be resumed', async () => {
  await startRun(workspace, request, silentContext());
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

it('of a long run few checkpoints stay, each with its folder, and no records file', async () => {
  const longer = { ...request, config: scratchConfig({ ...settings, epochs: 10 }) };
  await startRun(workspace, longer, silentContext());
  const run = showRun(workspace, 'run');
  const checkpoints = listCheckpoints(workspace.db, run.id);
  // 10 epochs of 3 steps: every second one, and the latest two.
  expect(checkpoints.map(({ step }) => step)).toEqual([6, 12, 18, 24, 27, 30]);
  const folders = checkpoints.map(({ path }) => fromStoredPath(workspace, path));
  const parent = dirname(folders[0]!);
  expect(readdirSync(parent).sort()).toEqual(folders.map((folder) => basename(folder)).sort());
  expect(existsSync(join(dirname(parent), 'records.jsonl'))).toBe(false);
});

it('leaves a run that cannot be recorded as failed, to be resumed from its checkpoint', async () => {
  const failing = {
    ...silentContext(),
    checkpoint: () => {
      throw new Error('disk full');
    },
  };
  await expect(startRun(workspace, request, failing)).rejects.toMatchObject({
    message: expect.stringMatching(/disk full[\s\S]*ccw runs resume run/),
  });
  const failed = showRun(workspace, 'run');
  expect(failed).toMatchObject({ state: 'failed', message: 'disk full', modelId: null });
  expect(latestCheckpoint(workspace.db, failed.id)?.step).toBe(3);
  const report = await resumeRun(workspace, 'run', silentContext());
  expect(report.resumedFromStep).toBe(3);
  expect(showRun(workspace, 'run')).toMatchObject({ state: 'done', message: null });
});

const longer: StartRequest = { ...request, config: scratchConfig({ ...settings, epochs: 4 }) };

it('only the two latest recorded checkpoints keep what a resume needs', async () => {
  await startRun(workspace, longer, silentContext());
  const run = showRun(workspace, 'run');
  const files = listCheckpoints(workspace.db, run.id).map(({ path }) =>
    readdirSync(fromStoredPath(workspace, path)).toSorted(),
  );
  const model = ['hashes.json', 'model.json', 'weights.safetensors'];
  const whole = [...model, 'epoch.json', 'optimiser.safetensors'].toSorted();
  expect(files).toEqual([model, model, whole, whole]);
});

it('a run whose program died after its model was stored is ended as done by a resume', async () => {
  const { modelId, weightsSha256 } = await startRun(workspace, request, silentContext());
  workspace.db.exec("UPDATE runs SET state = 'running', step = 3, ended_at = NULL");
  expect(showRun(workspace, 'run').state).toBe('interrupted');
  const report = await resumeRun(workspace, 'run', silentContext());
  expect(report).toMatchObject({ modelId, weightsSha256, resumedFromStep: 6 });
  expect(showRun(workspace, 'run')).toMatchObject({ state: 'done', step: 6, message: null, modelId });
  await expect(resumeRun(workspace, 'run', silentContext())).rejects.toMatchObject({ kind: 'conflict' });
});

it('while another program holds the database the run goes on, and is recorded whole once it lets go', async () => {
  const other = new SqliteDatabase(join(workspace.folder, 'workbench.sqlite'));
  let held = false;
  const context = {
    ...silentContext(),
    checkpoint: () => {
      if (held) return;
      held = true;
      other.exec('BEGIN IMMEDIATE');
      // Longer than training the rest takes: it ends while nobody may write.
      setTimeout(() => other.exec('ROLLBACK'), 4_000);
    },
  };
  const report = await startRun(workspace, longer, context);
  other.close();
  const run = showRun(workspace, 'run');
  expect(run).toMatchObject({ state: 'done', step: 12, modelId: report.modelId });
  expect(listCheckpoints(workspace.db, run.id).map(({ step }) => step)).toEqual([3, 6, 9, 12]);
  expect(readMetrics(workspace.db, run.id, 'loss')).toHaveLength(12);
});

it('a workspace that is removed while the run is at work leaves no run that is done', async () => {
  const context = {
    ...silentContext(),
    checkpoint: () => rmSync(workspace.folder, { recursive: true, force: true }),
  };
  await expect(startRun(workspace, request, context)).rejects.toThrow();
  expect(existsSync(join(workspace.folder, 'runs'))).toBe(false);
});
