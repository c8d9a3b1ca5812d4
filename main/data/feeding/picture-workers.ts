import { availableParallelism } from 'node:os';
import { programBeside } from '../files/program-beside.ts';
import { openThreadPool, type ThreadPool } from '../threads/thread-pool.ts';
import type { PictureTask, Preparation, PreparedPicture } from './prepare-picture.ts';

/** One is left to the thread that computes; more than these wait for the disk. */
export const workerCount = Math.max(1, Math.min(8, availableParallelism() - 1));

/** Pictures that are asked for before the first of them is there. A batch is under way while the program traces a graph. */
export const picturesAsked = 128;

/** Threads that prepare pictures. */
export type PictureWorkers = ThreadPool<PictureTask, PreparedPicture>;

export function openPictureWorkers(preparation: Preparation, count = workerCount): PictureWorkers {
  const file = programBeside('picture-worker', import.meta.url);
  return openThreadPool({
    file,
    count,
    tasksAtOnce: Math.ceil(picturesAsked / count),
    early: true,
    data: preparation,
  });
}
