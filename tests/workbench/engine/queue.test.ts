import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { insertRun, setRunState } from '#db/runs/runs.ts';
import { withEngine, withQueue } from '#main/workbench/engine/queue.ts';
import { showRun, showRuns } from '#main/workbench/runs/runs.ts';
import { saveSettings } from '#main/workbench/settings.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, scratchConfig, silentContext } from '../fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
beforeEach(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
});
afterEach(() => {
  workspace.close();
  temporary.remove();
});

/** Another program that takes the queue and keeps it until it is killed. */
async function holdQueueElsewhere(): Promise<ChildProcess> {
  const file = new URL('../../../db/runs/queue-lock.ts', import.meta.url).href;
  const script = `import { acquireQueueLock } from ${JSON.stringify(file)};
    const lock = acquireQueueLock(${JSON.stringify(workspace.folder)});
    console.log(lock === null ? 'refused' : 'held');
    setInterval(() => lock, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  expect(String(line)).toContain('held');
  return child;
}

async function insertRunningRun(name: string): Promise<string> {
  const dataset = await importSmallDataset(workspace, join(temporary.folder, name), name);
  const run = insertRun(workspace.db, {
    name,
    config: scratchConfig({}, { data: { kind: 'dataset', id: dataset.id } }),
    architecture: 'demo',
    leftOut: 0,
    datasetId: dataset.id,
    variantId: null,
    parentModelId: null,
    totalSteps: 10,
  });
  setRunState(workspace.db, run.id, 'running');
  return run.id;
}

it('lets one program work at a time and says who is busy', async () => {
  const other = await holdQueueElsewhere();
  await expect(withQueue(workspace, async () => 1)).rejects.toMatchObject({ kind: 'busy' });
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(await withQueue(workspace, async () => 1)).toBe(1);
});

it('gives the queue back when the work fails', async () => {
  await expect(withQueue(workspace, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withQueue(workspace, async () => 2)).toBe(2);
});

it('shows a run as running while its program lives and as interrupted once it is killed', async () => {
  const other = await holdQueueElsewhere();
  const id = await insertRunningRun('run');
  expect(showRun(workspace, id).state).toBe('running');
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(showRuns(workspace).map(({ state }) => state)).toEqual(['interrupted']);
});

it('marks what a dead program left running before it starts its own work', async () => {
  const id = await insertRunningRun('run');
  await withQueue(workspace, async () => {
    setRunState(workspace.db, id, 'running');
    // What this program runs itself stays as it is while it holds the queue.
    expect(showRun(workspace, id).state).toBe('running');
  });
  expect(showRun(workspace, id).state).toBe('interrupted');
});

it.runIf(process.platform === 'linux')(
  'an engine is told to give the same bits each time where the settings say so',
  async () => {
    const isTold = () =>
      withEngine(workspace, { ...silentContext(), device: 'javascript' }, async ({ pid }) =>
        readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes('TF_DETERMINISTIC_OPS=1'),
      );
    expect(await isTold()).toBe(false);
    expect(saveSettings(workspace, { sameBits: true })).toMatchObject({
      sameBits: true,
      device: 'automatic',
    });
    expect(await isTold()).toBe(true);
  },
);
