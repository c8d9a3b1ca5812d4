import type { DeviceName } from '#contract/devices/index.ts';
import { acquireQueueLock, type QueueLock } from '#db/runs/queue-lock.ts';
import { setQueueOrder } from '#db/runs/run-keeping.ts';
import { markOrphansInterrupted } from '#db/runs/runs.ts';
import { inBackground } from '../background.ts';
import type { Workspace } from '../workspace.ts';
import type { Engine } from './engine-client.ts';
import { engineEnvironment } from './engine-environment.ts';
import { createEngineHost, type EngineHostStatus } from './engine-host.ts';
import type { EngineLauncher } from './engine-process.ts';
import { isQueueFree } from './queue.ts';

/** How long the engine is kept once nothing waits. */
const idleMs = 5 * 60_000;

/** Between two looks at a queue that another program has. */
const lookMs = 2_000;

/** Work that waits for the engine. */
export interface QueueTask {
  id: string;
  /** The run that it executes, whose place in the queue the database keeps. */
  runId: string | null;
  /** The device it must have; null takes the one that is chosen in general. */
  device: DeviceName | null;
  /** Tells the person why it waits. */
  waiting(why: string): void;
  /** Does it; `engine` starts the engine where it does not run yet. Must not throw. */
  work(engine: () => Promise<Engine>): Promise<void>;
  /** Called when it is over, or out of the queue. */
  ended(): void;
}

/** As its host says; `busy` while a job runs on it. */
export interface EngineStatus extends Omit<EngineHostStatus, 'state'> {
  state: EngineHostStatus['state'] | 'busy';
}

/**
 * The engine of a host that lives on, and what waits for it, in order. The workspace's lock is held only while there
 * is work, so that the CLI and other hosts can work in between; a host that finds it taken waits. Runs that an
 * earlier program left in the queue are not started by themselves: a person resumes them.
 */
export interface LiveQueue {
  add(task: QueueTask): void;
  /** Takes a task out that has not begun. @returns whether it was there */
  remove(task: QueueTask): boolean;
  /** Moves the run's task to a place among the waiting runs, from 1. @returns the place it got; null: it does not wait here */
  move(runId: string, place: number): number | null;
  /** Runs that wait here, in their order. */
  waitingRunIds(): string[];
  /** Whether this host may work now, or another program does. Looks at most every two seconds. */
  owner(): 'mine' | 'other';
  engine(): EngineStatus;
  /** Starts nothing more: what waits keeps its place for the next program. */
  halt(): void;
  /** Ends the engine; call it once nothing runs. */
  close(): Promise<void>;
}

export interface LiveQueueOptions {
  /** What the settings name; null leaves it to the machine. */
  chosenDevice(): DeviceName | null;
  /** Told of failures that nobody waits for. */
  problem(message: string): void;
  /** Called when the order, the owner or the engine's state changed. */
  changed(): void;
  launch?: EngineLauncher;
}

export function createLiveQueue(workspace: Workspace, options: LiveQueueOptions): LiveQueue {
  const waiting: QueueTask[] = [];
  const host = createEngineHost({
    launch: options.launch,
    environment: () => engineEnvironment(workspace),
    idleMs,
    changed: () => options.changed(),
  });
  let lock: QueueLock | null = null;
  let busy = false;
  let halted = false;
  let retry: NodeJS.Timeout | null = null;
  let looked = { atMs: Number.NEGATIVE_INFINITY, free: true };

  const storeOrder = () => {
    setQueueOrder(
      workspace.db,
      waiting.flatMap(({ runId }) => (runId === null ? [] : [runId])),
    );
    options.changed();
  };

  const takeLock = (): boolean => {
    lock ??= acquireQueueLock(workspace.folder);
    if (lock === null) return false;
    markOrphansInterrupted(workspace.db);
    return true;
  };

  const dropLock = () => {
    lock?.release();
    lock = null;
  };

  const next = () => {
    if (busy || halted || retry !== null) return;
    const task = waiting[0];
    if (task === undefined) {
      dropLock();
      return;
    }
    if (!takeLock()) {
      for (const one of waiting) one.waiting('waiting for another program that works in this workspace');
      looked = { atMs: performance.now(), free: false };
      retry = setTimeout(() => {
        retry = null;
        goOn();
      }, lookMs);
      return;
    }
    waiting.shift();
    busy = true;
    storeOrder();
    const device = task.device ?? options.chosenDevice();
    inBackground(
      'A job of the queue',
      async () => {
        try {
          await task.work(() => host.start(device));
        } finally {
          busy = false;
          host.rest();
          task.ended();
          options.changed();
          goOn();
        }
      },
      options.problem,
    );
  };

  /** {@link next} where nobody could take its error: then it is tried again later. */
  const goOn = () => {
    try {
      next();
    } catch (error) {
      options.problem(`The queue could not go on: ${error instanceof Error ? error.message : String(error)}`);
      retry ??= setTimeout(() => {
        retry = null;
        goOn();
      }, lookMs);
    }
  };

  return {
    add(task) {
      waiting.push(task);
      storeOrder();
      next();
    },
    remove(task) {
      const index = waiting.indexOf(task);
      if (index < 0) return false;
      waiting.splice(index, 1);
      storeOrder();
      task.ended();
      return true;
    },
    move(runId, place) {
      const task = waiting.find((candidate) => candidate.runId === runId);
      if (task === undefined) return null;
      const others = waiting.filter((candidate) => candidate !== task);
      const runs = others.filter((candidate) => candidate.runId !== null);
      const before = runs[place - 1];
      others.splice(before === undefined ? others.length : others.indexOf(before), 0, task);
      waiting.splice(0, waiting.length, ...others);
      storeOrder();
      return waiting.filter((candidate) => candidate.runId !== null).indexOf(task) + 1;
    },
    waitingRunIds: () => waiting.flatMap(({ runId }) => (runId === null ? [] : [runId])),
    owner() {
      if (lock !== null) return 'mine';
      if (performance.now() - looked.atMs > lookMs) {
        looked = { atMs: performance.now(), free: isQueueFree(workspace) };
      }
      return looked.free ? 'mine' : 'other';
    },
    engine() {
      const { state, ...status } = host.status();
      return { ...status, state: busy && state === 'ready' ? 'busy' : state };
    },
    halt() {
      halted = true;
      if (retry !== null) clearTimeout(retry);
      for (const task of waiting.splice(0)) task.ended();
    },
    async close() {
      await host.close();
      dropLock();
    },
  };
}
