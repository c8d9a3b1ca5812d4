import { availableParallelism } from 'node:os';
import { fromWireError } from '#contract/errors.ts';
import type { PictureSource } from '#contract/picture-source.ts';
import { readFacts } from '../decoding/read-apart.ts';
import { programBeside } from '../files/program-beside.ts';
import { readContent } from '../sources/read-content.ts';
import { openThreadPool, type ThreadPool } from '../threads/thread-pool.ts';
import { lookAtCodes, type PictureFacts } from './look-at-jpeg.ts';
import type { LookAnswer } from './look-worker.ts';

/** Threads that look at pictures. */
const threadCount = Math.max(2, Math.min(16, availableParallelism()));

/** So many JPEGs are looked at on this thread: starting others takes longer. */
const fewPictures = 64;

/** JPEGs that a thread is sent together: a message for each would take as long as a tenth of the looking. */
const sentTogether = 8;

/** Pictures that may be looked at at once. */
export const lookedAtOnce = 4 * sentTogether * threadCount;

export interface PictureLookers {
  /** @throws WorkbenchError as lookAtPicture */
  look(source: PictureSource): Promise<PictureFacts>;
  /** Ends its threads. */
  close(): Promise<void>;
}

interface Asked {
  source: PictureSource;
  resolve(facts: PictureFacts | null): void;
  reject(error: unknown): void;
}

/**
 * Looks at pictures: the codes of JPEGs in threads, where there are many; what those cannot, in processes that can be
 * ended (decisions/0049).
 */
export function openPictureLookers(): PictureLookers {
  let threads: ThreadPool<PictureSource[], LookAnswer[]> | null = null;
  let looked = 0;
  let asked: Asked[] = [];

  const send = () => {
    const together = asked;
    asked = [];
    if (together.length === 0) return;
    const file = programBeside('look-worker', import.meta.url);
    threads ??= openThreadPool({ file, count: threadCount, tasksAtOnce: 2 });
    threads.run(together.map(({ source }) => source)).then(
      (answers) => {
        for (const [at, { resolve, reject }] of together.entries()) {
          const answer = answers[at] ?? null;
          if (answer === null) resolve(null);
          else if ('kind' in answer) reject(fromWireError(answer));
          else resolve({ ...answer, look: Uint8Array.from(Buffer.from(answer.look, 'latin1')) });
        }
      },
      (error: unknown) => {
        for (const { reject } of together) reject(error);
      },
    );
  };

  const lookAtJpeg = async (source: PictureSource): Promise<PictureFacts | null> => {
    looked += 1;
    if (looked <= fewPictures) return lookAtCodes(await readContent(source));
    return new Promise((resolve, reject) => {
      asked.push({ source, resolve, reject });
      if (asked.length === sentTogether) send();
      else if (asked.length === 1) setImmediate(send);
    });
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
