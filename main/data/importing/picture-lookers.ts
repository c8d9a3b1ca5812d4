import { availableParallelism } from 'node:os';
import type { PictureSource } from '#contract/picture-source.ts';
import { readFacts } from '../decoding/read-apart.ts';
import { readContent } from '../sources/read-content.ts';
import { openThreadPool, type ThreadPool, threadFile } from '../threads/thread-pool.ts';
import { lookAtCodes, type PictureFacts } from './look-at-picture.ts';

/** Threads that look at pictures. */
const threadCount = Math.max(2, Math.min(16, availableParallelism()));

/** So many JPEGs are looked at on this thread: starting others takes longer. */
const fewPictures = 64;

/** Pictures that may be looked at at once. */
export const lookedAtOnce = 8 * threadCount;

export interface PictureLookers {
  /** @throws WorkbenchError as lookAtPicture */
  look(source: PictureSource): Promise<PictureFacts>;
  /** Ends its threads. */
  close(): Promise<void>;
}

/**
 * Looks at pictures: the codes of JPEGs in threads, where there are many; what those cannot, in processes that can be
 * ended (decisions/0049).
 */
export function openPictureLookers(): PictureLookers {
  let threads: ThreadPool<PictureSource, PictureFacts | null> | null = null;
  let asked = 0;
  const lookAtJpeg = async (source: PictureSource): Promise<PictureFacts | null> => {
    asked += 1;
    if (asked <= fewPictures) return lookAtCodes(await readContent(source));
    const file = threadFile('look-worker', import.meta.url);
    threads ??= openThreadPool({ file, count: threadCount, tasksAtOnce: 4 });
    return threads.run(source);
  };
  return {
    async look(source) {
      const facts = mayBeJpeg(source) ? await lookAtJpeg(source) : null;
      return facts ?? readFacts(source);
    },
    close: async () => threads?.close(),
  };
}

const mayBeJpeg = (source: PictureSource): boolean =>
  typeof source === 'string' ? /\.jpe?g$/i.test(source) : source.kind !== 'planes';
