import { availableParallelism } from 'node:os';
import type { PictureSource } from '#contract/picture-source.ts';
import { openThreadPool, type ThreadPool, threadFile } from '../threads/thread-pool.ts';
import { lookAtPicture, type PictureFacts } from './look-at-picture.ts';

/** Threads that look at pictures. */
const threadCount = Math.max(2, Math.min(16, availableParallelism()));

/** So many pictures are looked at on this thread: starting others takes longer. */
const fewPictures = 64;

/** Pictures that may be looked at at once. */
export const lookedAtOnce = 8 * threadCount;

export interface PictureLookers {
  /** @throws WorkbenchError as lookAtPicture */
  look(source: PictureSource): Promise<PictureFacts>;
  /** Ends its threads. */
  close(): Promise<void>;
}

/** Looks at pictures, in threads where there are many. */
export function openPictureLookers(): PictureLookers {
  let threads: ThreadPool<PictureSource, PictureFacts> | null = null;
  let asked = 0;
  return {
    look(source) {
      asked += 1;
      if (asked <= fewPictures) return lookAtPicture(source);
      const file = threadFile('look-worker', import.meta.url);
      threads ??= openThreadPool({ file, count: threadCount, tasksAtOnce: 4 });
      return threads.run(source);
    },
    close: async () => threads?.close(),
  };
}
