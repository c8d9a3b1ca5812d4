import { parentPort } from 'node:worker_threads';
import { toWireError, type WireError } from '#contract/errors.ts';

/** What the threads of thread-pool.ts are sent, and answer. */
export interface TaskRequest<Task> {
  id: number;
  task: Task;
}
export type TaskAnswer<Result> = { id: number; result: Result } | { id: number; error: WireError };

/**
 * Makes this thread one of a pool: it does its tasks in the order in which they come.
 * @param moved memory of a result that is handed over, not copied; left out: none
 * @param atOnce how many it works on at once; those that came besides wait here. Left out: all
 */
export function serveTasks<Task, Result>(
  work: (task: Task) => Promise<Result>,
  moved: (result: Result) => ArrayBuffer[] = () => [],
  atOnce = Number.POSITIVE_INFINITY,
): void {
  const waiting: TaskRequest<Task>[] = [];
  let underWay = 0;
  const answer = async ({ id, task }: TaskRequest<Task>) => {
    try {
      const result = await work(task);
      parentPort?.postMessage({ id, result } satisfies TaskAnswer<Result>, moved(result));
    } catch (error) {
      parentPort?.postMessage({ id, error: toWireError(error) } satisfies TaskAnswer<Result>);
    }
    underWay -= 1;
    next();
  };
  const next = () => {
    while (underWay < atOnce && waiting.length > 0) {
      underWay += 1;
      void answer(waiting.shift()!);
    }
  };
  parentPort?.on('message', (request: TaskRequest<Task>) => {
    waiting.push(request);
    next();
  });
}
