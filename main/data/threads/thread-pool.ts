import { Worker } from 'node:worker_threads';
import { fromWireError, WorkbenchError } from '#contract/errors.ts';
import type { TaskAnswer, TaskRequest } from './serve-tasks.ts';

/** Threads that all do the same kind of task. */
export interface ThreadPool<Task, Result> {
  /** Waits for its turn: threads hold few tasks at once, and those who ask wait. */
  run(task: Task): Promise<Result>;
  /** Ends the threads; what was not done fails with `cancelled`. */
  close(): Promise<void>;
}

export interface ThreadPoolOptions {
  /** The threads' file, whose code calls serveTasks. */
  file: URL;
  /** Threads at most. */
  count: number;
  /** Tasks that a thread has at once: it goes on with the next also while nobody here takes its answers. */
  tasksAtOnce: number;
  /** Starts the first thread at once, so that it reads its code while the first task is made; left out: with the first task. */
  early?: boolean;
  /** Given to each thread as workerData. */
  data?: unknown;
  /** What a thread may use for short-lived objects, in MiB; left out: some 50. */
  youngMiB?: number;
}

interface Waiting<Task, Result> {
  task: Task;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

interface Thread<Task, Result> {
  worker: Worker;
  underWay: Map<number, Waiting<Task, Result>>;
}

/** Starts threads as tasks come, and keeps them until it is closed. */
export function openThreadPool<Task, Result>({
  file,
  count,
  tasksAtOnce,
  early = false,
  data,
  youngMiB,
}: ThreadPoolOptions): ThreadPool<Task, Result> {
  const threads: Thread<Task, Result>[] = [];
  const waiting: Waiting<Task, Result>[] = [];
  let nextId = 0;
  let closed = false;
  /** A thread's decoder hangs: it cannot be ended, only this process. */
  let hangs = false;

  const fail = (thread: Thread<Task, Result>, error: unknown) => {
    threads.splice(threads.indexOf(thread), 1);
    for (const one of thread.underWay.values()) one.reject(error);
    thread.underWay.clear();
    next();
  };

  const start = (): Thread<Task, Result> => {
    const worker = new Worker(file, {
      workerData: data,
      ...(youngMiB === undefined ? {} : { resourceLimits: { maxYoungGenerationSizeMb: youngMiB } }),
    });
    const thread: Thread<Task, Result> = { worker, underWay: new Map() };
    worker.unref();
    worker.on('message', (answer: TaskAnswer<Result>) => {
      const one = thread.underWay.get(answer.id);
      thread.underWay.delete(answer.id);
      if ('error' in answer) {
        hangs ||= answer.error.details.endsEngine === true;
        one?.reject(fromWireError(answer.error));
      } else one?.resolve(answer.result);
      // An answer that comes while it is being ended must not let the process go before that.
      if (thread.underWay.size === 0 && !closed) worker.unref();
      next();
    });
    worker.on('error', (error) => fail(thread, error));
    threads.push(thread);
    return thread;
  };

  const next = () => {
    while (!closed && waiting.length > 0) {
      let idlest = threads[0];
      for (const one of threads) if (one.underWay.size < idlest!.underWay.size) idlest = one;
      const isFree = idlest !== undefined && idlest.underWay.size === 0;
      const thread = isFree || threads.length === count ? idlest : start();
      if (thread === undefined || thread.underWay.size >= tasksAtOnce) return;
      const one = waiting.shift()!;
      const id = nextId++;
      thread.underWay.set(id, one);
      // A thread at work keeps the process alive, one that waits does not.
      thread.worker.ref();
      thread.worker.postMessage({ id, task: one.task } satisfies TaskRequest<Task>);
    }
  };

  if (early) start();
  return {
    run(task) {
      if (closed) return Promise.reject(new WorkbenchError('cancelled', 'The threads were ended.'));
      return new Promise((resolve, reject) => {
        waiting.push({ task, resolve, reject });
        next();
      });
    },
    async close() {
      closed = true;
      const error = new WorkbenchError('cancelled', 'The threads were ended.');
      for (const one of waiting.splice(0)) one.reject(error);
      const open = threads.splice(0);
      for (const { underWay } of open) for (const one of underWay.values()) one.reject(error);
      const ended = Promise.all(open.map(({ worker }) => worker.terminate()));
      if (!hangs) await ended;
    },
  };
}
