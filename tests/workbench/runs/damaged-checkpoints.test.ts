import { appendFileSync, cpSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { latestCheckpoint, listCheckpoints } from '#db/runs/checkpoints.ts';
import { resumeRun, type StartRequest, showRun, startRun } from '#main/workbench/runs/runs.ts';
import { fromStoredPath, openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, scratchConfig, silentContext } from '../fixtures.ts';

/** 26 pairs in batches of 8, four times: 12 steps. */
const request: Omit<StartRequest, 'name'> = {
  config: scratchConfig({ epochs: 4, batchSize: 8, warmupSteps: 2, learningRate: 0.01 }),
  measuring: { eachEpoch: false, atEnd: false },
};

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

/** Made once: `through` went through, `run` was stopped after its second checkpoint. Each test has a copy. */
let made: ReturnType<typeof makeFolder>;
let weightsSha256: string;
let copy: ReturnType<typeof makeFolder>;
let workspace: Workspace;

beforeAll(async () => {
  made = makeFolder();
  const first = openWorkspace(join(made.folder, 'workspace'));
  await importSmallDataset(first, join(made.folder, 'pictures'));
  ({ weightsSha256 } = await startRun(first, { ...request, name: 'through' }, silentContext()));
  await expect(startRun(first, { ...request, name: 'run' }, stoppingAfter(2).context)).rejects.toMatchObject({
    kind: 'cancelled',
  });
  first.close();
});
afterAll(() => made.remove());
beforeEach(() => {
  copy = makeFolder();
  const folder = join(copy.folder, 'workspace');
  const isNoLock = (path: string) => basename(path) !== 'queue.lock';
  cpSync(join(made.folder, 'workspace'), folder, { recursive: true, filter: isNoLock });
  workspace = openWorkspace(folder);
});
afterEach(() => {
  workspace.close();
  copy.remove();
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
    const checkpoints = listCheckpoints(workspace.db, showRun(workspace, 'run').id);
    const newest = checkpoints.at(-1);
    if (newest === undefined) throw new Error('there is no checkpoint');
    damage(fromStoredPath(workspace, newest.path));
    const { context, said } = stoppingAfter(99);
    const report = await resumeRun(workspace, 'run', context);
    expect(report.resumedFromStep).toBe(checkpoints.at(-2)?.step);
    expect(report.weightsSha256).toBe(weightsSha256);
    expect(said.join()).toContain(`The checkpoint of step ${newest.step} cannot be used`);
  });

  it('with none left the run begins anew', async () => {
    rmSync(join(workspace.folder, 'runs', showRun(workspace, 'run').id, 'checkpoints'), { recursive: true });
    const report = await resumeRun(workspace, 'run', silentContext());
    expect(report).toMatchObject({ resumedFromStep: 0, weightsSha256 });
  });

  it('one whose program died while its successor took its place is found under its other name', async () => {
    const newest = latestCheckpoint(workspace.db, showRun(workspace, 'run').id);
    if (newest === null) throw new Error('there is no checkpoint');
    const folder = fromStoredPath(workspace, newest.path);
    renameSync(folder, `${folder}.replaced`);
    expect((await resumeRun(workspace, 'run', silentContext())).resumedFromStep).toBe(newest.step);
  });
});
