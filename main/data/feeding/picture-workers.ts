import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { fromWireError, WorkbenchError } from '#contract/errors.ts';
import type { WorkerAnswer, WorkerRequest } from './picture-worker.ts';
import type { PictureTask, Preparation, PreparedPicture } from './prepare-picture.ts';

/** One is left to the thread that computes; more than these wait for the disk. */
export const workerCount = Math.max(1, Math.min(8, availableParallelism() - 1));

/** Tasks that a thread has at once: while it works on one, the file of the next is read. */
const tasksAtOnce = 4;

/** Threads that prepare pictures. */
export interface PictureWorkers {
  /** Waits for its turn: threads hold few tasks at once, and those who ask wait. */
  prepare(task: PictureTask): Promise<PreparedPicture>;
  /** Ends the threads; what was not done fails. */
  close(): Promise<void>;
}

interface Waiting {
  task: PictureTask;
  resolve(prepared: PreparedPicture): void;
  reject(error: unknown): void;
}

interface Thread {
  worker: Worker;
  underWay: Map<number, Waiting>;
}

/** Starts threads as tasks come, and keeps them until it is closed. */
export function openPictureWorkers(preparation: Preparation, count = workerCount): PictureWorkers {
  const threads: Thread[] = [];
  const waiting: Waiting[] = [];
  let nextId = 0;
  let closed = false;

  const fail = (thread: Thread, error: unknown) => {
    threads.splice(threads.indexOf(thread), 1);
    for (const one of thread.underWay.values()) one.reject(error);
    thread.underWay.clear();
    next();
  };

  const start = (): Thread => {
    const worker = new Worker(workerFile(), { workerData: preparation });
    const thread: Thread = { worker, underWay: new Map() };
    worker.unref();
    worker.on('message', (answer: WorkerAnswer) => {
      const one = thread.underWay.get(answer.id);
      thread.underWay.delete(answer.id);
      if ('error' in answer) one?.reject(fromWireError(answer.error));
      else one?.resolve({ pictures: answer.pictures, changed: answer.changed });
      if (thread.underWay.size === 0) worker.unref();
      next();
    });
    worker.on('error', (error) => fail(thread, error));
    threads.push(thread);
    return thread;
  };

  const next = () => {
    while (!closed && waiting.length > 0) {
      const idlest = threads.toSorted((a, b) => a.underWay.size - b.underWay.size)[0];
      const isFree = idlest !== undefined && idlest.underWay.size === 0;
      const thread = isFree || threads.length === count ? idlest : start();
      if (thread === undefined || thread.underWay.size >= tasksAtOnce) return;
      const one = waiting.shift()!;
      const id = nextId++;
      thread.underWay.set(id, one);
      // A thread at work keeps the process alive, one that waits does not.
      thread.worker.ref();
      thread.worker.postMessage({ id, task: one.task } satisfies WorkerRequest);
    }
  };

  return {
    prepare(task) {
      if (closed) return Promise.reject(new WorkbenchError('cancelled', 'The pictures were closed.'));
      return new Promise((resolve, reject) => {
        waiting.push({ task, resolve, reject });
        next();
      });
    },
    async close() {
      closed = true;
      const error = new WorkbenchError('cancelled', 'The pictures were closed.');
      for (const one of waiting.splice(0)) one.reject(error);
      const open = threads.splice(0);
      for (const { underWay } of open) for (const one of underWay.values()) one.reject(error);
      await Promise.all(open.map(({ worker }) => worker.terminate()));
    },
  };
}

/** Beside this file; Electron's bundle has it beside its own (electron.vite.config.ts). */
function workerFile(): URL {
  const suffix = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./picture-worker.${suffix}`, import.meta.url);
}
