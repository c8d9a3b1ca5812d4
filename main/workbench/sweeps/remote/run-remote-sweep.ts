import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import type { RunFile } from '#contract/run-file.ts';
import type { Sweep } from '#contract/sweep.ts';
import {
  findSweep,
  listSweepRuns,
  setSweepRun,
  setSweepRunMessage,
  setSweepState,
} from '#db/sweeps/sweeps.ts';
import { findMade, type Maker, makeVariantOf } from '../../run-files/make-chain.ts';
import { canonical } from '../../variants/manifest.ts';
import { bringBack, type KeptCheckpoints } from './bring-back.ts';
import type { Cluster, TaskEnd } from './cluster.ts';
import { prepareTask, type RemoteTask, readTask, takeSnapshot } from './remote-task.ts';

export interface RemoteSweep {
  sweepId: string;
  cluster: Cluster;
  /** On a disk that all machines see at the same path, as they must see the workspace and the pictures. */
  sharedFolder: string;
  keep: KeptCheckpoints;
}

/** A run to make, and the places of the sweep that wait for it; none for one that comes before others. */
interface Wanted {
  key: string;
  file: RunFile;
  places: number[];
}

/**
 * Makes the runs of a sweep on other machines, in stages: what comes before others first, once. Variants are made here.
 * Results come back as each task ends; a run that is here already is not made again. It can end at any moment and be
 * called again.
 * @throws WorkbenchError `cancelled` where it was stopped; and as the cluster does
 */
export async function runRemoteSweep(
  maker: Maker,
  { sweepId, cluster, sharedFolder, keep }: RemoteSweep,
): Promise<Sweep> {
  const { workspace } = maker;
  const { db } = workspace;
  const sweep = findSweep(db, sweepId);
  setSweepState(db, sweep.id, 'running');
  const folder = join(resolve(sharedFolder), sweep.id);
  mkdirSync(folder, { recursive: true });
  const open = listSweepRuns(db, sweep.id)
    .filter(({ runState }) => runState !== 'done')
    .map(({ place, file }) => ({ place, file: { ...file, name: `${sweep.name}-${place + 1}` } }));
  let failed = 0;
  try {
    for (const stage of planStages(maker, open)) {
      const ready = await findReady(maker, sweep, stage);
      failed += stage.length - ready.length;
      failed += await runStage(maker, { sweep, cluster, folder, keep, stage: ready });
    }
  } catch (error) {
    setSweepState(db, sweep.id, 'paused');
    throw error;
  }
  if (failed === 0) rmSync(folder, { recursive: true, force: true });
  setSweepState(db, sweep.id, failed > 0 ? 'failed' : 'done');
  return findSweep(db, sweep.id);
}

/** Runs by how many runs come before them; each once. What is there already is left out. */
function planStages({ workspace }: Maker, open: readonly { place: number; file: RunFile }[]): Wanted[][] {
  const stages: Map<string, Wanted>[] = [];
  const want = (file: RunFile, place: number | null): number => {
    const before = file.start?.run;
    const depth = before === undefined || findMade(workspace, before) !== null ? 0 : want(before, null) + 1;
    const stage = stages[depth] ?? new Map<string, Wanted>();
    stages[depth] = stage;
    const key = keyOf(file);
    const known = stage.get(key) ?? { key, file, places: [] };
    if (place !== null) known.places.push(place);
    stage.set(key, known);
    return depth;
  };
  for (const { file, place } of open) want(file, place);
  return stages.map((stage) => [...stage.values()]);
}

/** Those whose start is here (a task must not make it by itself), with their variants made; the others fail. */
async function findReady(maker: Maker, sweep: Sweep, stage: readonly Wanted[]): Promise<Wanted[]> {
  const ready: Wanted[] = [];
  for (const wanted of stage) {
    const { start } = wanted.file;
    try {
      if (start?.run !== undefined && findMade(maker.workspace, start.run) === null) {
        throw new WorkbenchError('conflict', 'The run that it starts from failed.');
      }
      await makeVariantOf(maker, wanted.file);
      ready.push(wanted);
    } catch (error) {
      if (error instanceof WorkbenchError && error.kind === 'cancelled') throw error;
      failRun(maker, sweep, wanted, error);
    }
  }
  return ready;
}

interface Stage {
  sweep: Sweep;
  cluster: Cluster;
  folder: string;
  keep: KeptCheckpoints;
  stage: readonly Wanted[];
}

/** Makes runs that wait for nothing. @returns how many failed */
async function runStage(maker: Maker, { sweep, cluster, folder, keep, stage }: Stage): Promise<number> {
  const { workspace, context } = maker;
  const { reporter, interrupt } = context;
  if (stage.length === 0) return 0;
  const tasks = prepareTasks(maker, folder, stage);
  const title = `${sweep.name}: runs on other machines`;
  let failed = 0;
  let ended = 0;
  reporter.progress(title, ended, tasks.length);
  for await (const end of cluster.run(tasks, folder, interrupt.gentle)) {
    const [task, wanted] = [tasks[end.index], stage[end.index]];
    if (task === undefined || wanted === undefined) continue;
    try {
      refuseFailed(task, end);
      const runId = await bringBack(workspace, task, keep);
      for (const place of wanted.places) setSweepRun(workspace.db, sweep.id, place, runId);
      rmSync(task.folder, { recursive: true, force: true });
    } catch (error) {
      failed += 1;
      failRun(maker, sweep, wanted, error);
    }
    ended += 1;
    reporter.progress(title, ended, tasks.length);
  }
  if (!interrupt.gentle.aborted) return failed;
  throw new WorkbenchError('cancelled', `Sweep '${sweep.name}' is paused; the same command goes on.`, {
    sweepId: sweep.id,
  });
}

function prepareTasks({ workspace, context }: Maker, folder: string, stage: readonly Wanted[]): RemoteTask[] {
  const snapshot = join(folder, 'snapshot.sqlite');
  rmSync(snapshot, { force: true });
  takeSnapshot(workspace, snapshot);
  const tasks = stage.map(({ key, file }, index) => {
    const own = join(folder, key);
    mkdirSync(own, { recursive: true });
    return prepareTask(workspace, { index, folder: own, file, snapshot, device: context.device });
  });
  rmSync(snapshot);
  return tasks;
}

function refuseFailed(task: RemoteTask, { done, message }: TaskEnd): void {
  if (done) return;
  const { said } = readTask(task);
  throw new WorkbenchError(
    'bad-input',
    `${message ?? 'The task failed.'} It said last:\n${said || 'nothing'}\n(${task.folder})`,
    { folder: task.folder },
  );
}

function failRun(
  { workspace, context }: Maker,
  sweep: Sweep,
  { places, file }: Wanted,
  error: unknown,
): void {
  const reason = error instanceof Error ? error.message : String(error);
  for (const place of places) setSweepRunMessage(workspace.db, sweep.id, place, reason);
  context.reporter.say(`${file.name ?? 'A run that others start from'} failed: ${reason}`);
}

/** The same for files that make the same run. */
function keyOf({ name: _, made: __, ...same }: RunFile): string {
  return createHash('sha256').update(canonical(same)).digest('hex').slice(0, 16);
}
