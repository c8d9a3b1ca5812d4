import { appendFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

/** A context that stops the run gently once it has `checkpoints` of them, and keeps what is said. */
function stoppingAfter(checkpoints: number) {
  const gentle = new AbortController();
  const said: string[] = [];
  let made = 0;
  const context = {
    ...silentContext(),
    reporter: { progress: () => {}, say: (text: string) => void said.push(text) },
    interrupt: { gentle: gentle.signal, hard: new AbortController().signal },
    checkpoint: () => {
      made += 1;
      if (made === checkpoints) gentle.abort();
    },
  };
  return { context, said };
}

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

describe('a damaged checkpoint is not gone on from', () => {
  const damages: Record<string, (folder: string) => void> = {
    'a byte too many in the weights': (folder) => appendFileSync(join(folder, 'weights.safetensors'), 'x'),
    "the optimiser's state is gone": (folder) => rmSync(join(folder, 'optimiser.safetensors')),
    "the optimiser's state is another": (folder) =>
      appendFileSync(join(folder, 'optimiser.safetensors'), 'x'),
    'the folder is gone': (folder) => rmSync(folder, { recursive: true }),
  };
  it.each(Object.entries(damages))('%s: the one before is taken, and it says so', async (_, damage) => {
    const through = await startRun(workspace, { ...longer, name: 'through' }, silentContext());
    await expect(startRun(workspace, longer, stoppingAfter(2).context)).rejects.toMatchObject({
      kind: 'cancelled',
    });
    const run = showRun(workspace, 'run');
    const checkpoints = listCheckpoints(workspace.db, run.id);
    const newest = checkpoints.at(-1);
    if (newest === undefined) throw new Error('there is no checkpoint');
    damage(fromStoredPath(workspace, newest.path));
    const { context, said } = stoppingAfter(99);
    const report = await resumeRun(workspace, 'run', context);
    expect(report.resumedFromStep).toBe(checkpoints.at(-2)?.step);
    expect(report.weightsSha256).toBe(through.weightsSha256);
    expect(said.join()).toContain(`The checkpoint of step ${newest.step} cannot be used`);
  });

  it('with none left the run begins anew', async () => {
    const through = await startRun(workspace, { ...request, name: 'through' }, silentContext());
    await expect(startRun(workspace, request, stoppingAfter(1).context)).rejects.toThrow();
    rmSync(join(workspace.folder, 'runs', showRun(workspace, 'run').id, 'checkpoints'), { recursive: true });
    const report = await resumeRun(workspace, 'run', silentContext());
    expect(report).toMatchObject({ resumedFromStep: 0, weightsSha256: through.weightsSha256 });
  });

  it('one whose program died while its successor took its place is found under its other name', async () => {
    await expect(startRun(workspace, longer, stoppingAfter(2).context)).rejects.toThrow();
    const newest = latestCheckpoint(workspace.db, showRun(workspace, 'run').id);
    if (newest === null) throw new Error('there is no checkpoint');
    const folder = fromStoredPath(workspace, newest.path);
    renameSync(folder, `${folder}.replaced`);
    expect((await resumeRun(workspace, 'run', silentContext())).resumedFromStep).toBe(newest.step);
  });
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
