import { setTimeout } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import { serveTasks } from '#main/data/threads/serve-tasks.ts';

/** Threads that are loaded, and tasks that are done. Each task is answered with how many were under way. */
const counts = new Int32Array(workerData as SharedArrayBuffer);
Atomics.add(counts, 0, 1);
let underWay = 0;

serveTasks<string, { task: string; underWay: number }>(
  async (task) => {
    const result = { task, underWay: ++underWay };
    await setTimeout(5);
    underWay -= 1;
    Atomics.add(counts, 1, 1);
    Atomics.notify(counts, 1);
    return result;
  },
  () => [],
  2,
);
