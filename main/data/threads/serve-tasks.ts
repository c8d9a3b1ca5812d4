import { parentPort } from 'node:worker_threads';
import { toWireError, type WireError } from '#contract/errors.ts';

/** What the threads of thread-pool.ts are sent, and answer. */
export interface TaskRequest<Task> {
  id: number;
  task: Task;
}
export type TaskAnswer<Result> = { id: number; result: Result } | { id: number; error: WireError };

/**
 * Makes this thread one of a pool: it does each task as it comes.
 * @param moved memory of a result that is handed over, not copied; left out: none
 */
export function serveTasks<Task, Result>(
  work: (task: Task) => Promise<Result>,
  moved: (result: Result) => ArrayBuffer[] = () => [],
): void {
  parentPort?.on('message', ({ id, task }: TaskRequest<Task>) => {
    void work(task).then(
      (result) => {
        parentPort?.postMessage({ id, result } satisfies TaskAnswer<Result>, moved(result));
      },
      (error: unknown) => {
        parentPort?.postMessage({ id, error: toWireError(error) } satisfies TaskAnswer<Result>);
      },
    );
  });
}
