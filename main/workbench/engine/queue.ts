import { setTimeout as wait } from 'node:timers/promises';
import type { DeviceName } from '#contract/devices/index.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { acquireQueueLock, type QueueLock } from '#db/runs/queue-lock.ts';
import { isAnyRunning, markOrphansInterrupted } from '#db/runs/runs.ts';
import type { Workspace } from '../workspace.ts';
import { type Engine, startEngine } from './engine-client.ts';
import { engineEnvironment } from './engine-environment.ts';
import { launchChildProcess } from './engine-process.ts';
import type { JobContext } from './job-context.ts';

/** A look at the queue (see {@link refreshRunStates}) holds the lock for a moment: one more try outlasts it. */
const lockTries = 5;
const lockWaitMs = 100;

/**
 * Runs `work` while holding the workspace's queue: one job at a time, over all programs. Runs that a dead
 * program left as running become interrupted first.
 * @throws WorkbenchError `busy` where another program is at work in this workspace.
 */
export async function withQueue<T>(workspace: Workspace, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(workspace);
  try {
    markOrphansInterrupted(workspace.db);
    return await work();
  } finally {
    lock.release();
  }
}

/**
 * Marks runs whose program died as interrupted, unless a program is at work (then its run does run). Where no run is
 * said to run, which an index tells, nothing is locked and nothing written.
 */
export function refreshRunStates(workspace: Workspace): void {
  if (isAnyRunning(workspace.db)) isQueueFree(workspace);
}

/** Whether no program is at work in the workspace; then runs that are said to run become interrupted. */
export function isQueueFree(workspace: Workspace): boolean {
  const lock = acquireQueueLock(workspace.folder);
  if (lock === null) return false;
  try {
    if (isAnyRunning(workspace.db)) markOrphansInterrupted(workspace.db);
  } finally {
    lock.release();
  }
  return true;
}

/** {@link withQueue} with an engine on the chosen device, which is ended afterwards. */
export async function withEngine<T>(
  workspace: Workspace,
  context: JobContext,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  return withQueue(workspace, async () => {
    const engine = await startChosenEngine(context, startWith(workspace));
    try {
      return await work(engine);
    } finally {
      await engine.close();
    }
  });
}

/** As {@link withEngine} for work that goes on after an engine died: `engine()` starts one where none runs. */
export async function withEngines<T>(
  workspace: Workspace,
  context: JobContext,
  work: (engine: () => Promise<Engine>) => Promise<T>,
): Promise<T> {
  return withQueue(workspace, async () => {
    let current: Engine | null = null;
    const engine = async () => {
      if (current !== null) return current;
      const started = await startChosenEngine(context, startWith(workspace));
      current = started;
      started.ended.then(() => {
        if (current === started) current = null;
      });
      return started;
    };
    const close = async () => (current as Engine | null)?.close();
    try {
      return await work(engine);
    } finally {
      await close();
    }
  });
}

/** Starts engines as the workspace's settings say. */
function startWith(workspace: Workspace) {
  const environment = engineEnvironment(workspace);
  return (how: { device: DeviceName }) =>
    startEngine({ ...how, launch: (own) => launchChildProcess({ ...own, ...environment }) });
}

/** Starts an engine on the device that the person named, else on the processor with TensorFlow, else on wasm, which it says. */
export async function startChosenEngine(
  { device, reporter }: Pick<JobContext, 'device' | 'reporter'>,
  start: (options: { device: DeviceName }) => Promise<Engine>,
): Promise<Engine> {
  if (device !== null) return start({ device });
  try {
    return await start({ device: 'cpu' });
  } catch (error) {
    if (!(error instanceof WorkbenchError) || wasEnded(error)) throw error;
    reporter.say(`TensorFlow cannot be used: ${error.message}`);
    reporter.say(
      'Using WebAssembly instead, which is about 35 times slower; `ccw doctor` says what is missing.',
    );
    return start({ device: 'wasm' });
  }
}

/** Whether somebody ended the engine while it started: that says nothing of TensorFlow. */
function wasEnded({ kind, details }: WorkbenchError): boolean {
  return (
    kind === 'engine-ended' && ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'].includes(String(details.signal))
  );
}

async function takeLock(workspace: Workspace): Promise<QueueLock> {
  for (let tries = 0; tries < lockTries; tries += 1) {
    const lock = acquireQueueLock(workspace.folder);
    if (lock !== null) return lock;
    await wait(lockWaitMs);
  }
  throw new WorkbenchError(
    'busy',
    `Another program is at work in ${workspace.folder}: wait until it is done (ccw runs list shows its run), stop it with Ctrl-C, or name another workspace with --workspace.`,
    { workspace: workspace.folder },
  );
}
