import { WorkbenchError } from '#contract/errors.ts';
import type { BuiltPart, CaptionGap, CaptionPart } from '#db/captions/caption-parts.ts';
import type { FoundIds } from '#db/captions/search-parts.ts';
import { programBeside } from '#main/data/files/program-beside.ts';
import { openThreadPool, type ThreadPool } from '#main/data/threads/thread-pool.ts';

/** What the thread is asked. */
export type CaptionTask =
  | { kind: 'start' }
  | { kind: 'search'; parts: readonly CaptionPart[]; expression: string; after: number; most: number }
  | { kind: 'build'; dataset: number; gap: CaptionGap };

export type CaptionAnswer =
  | { kind: 'started' }
  | { kind: 'found'; found: FoundIds }
  | { kind: 'built'; built: BuiltPart | null };

/** Searches and indexes captions in a thread of its own, which starts when it is first needed, so that nobody waits meanwhile. */
export interface CaptionThread {
  /** Starts the thread, for those who will soon need it. */
  start(): void;
  /** As PartReader's. */
  search(parts: readonly CaptionPart[], expression: string, after: number, most: number): Promise<FoundIds>;
  /** Indexes the next part of a gap of a dataset (its number), to be kept by keepPart. */
  build(dataset: number, gap: CaptionGap): Promise<BuiltPart | null>;
  /** Ends the thread; what was not done fails with `cancelled`. */
  close(): Promise<void>;
}

function wrong({ kind }: CaptionAnswer): never {
  throw new WorkbenchError('internal', `The thread of captions answered '${kind}'.`);
}

/** @param database the path of the workspace's */
export function openCaptionThread(database: string): CaptionThread {
  let thread: ThreadPool<CaptionTask, CaptionAnswer> | null = null;
  const ask = (task: CaptionTask): Promise<CaptionAnswer> => {
    const file = programBeside('caption-worker', import.meta.url);
    thread ??= openThreadPool({ file, count: 1, tasksAtOnce: 1, data: { database }, youngMiB: 4 });
    return thread.run(task);
  };
  return {
    start() {
      // Who needs it meets the error.
      if (thread === null) ask({ kind: 'start' }).catch(() => {});
    },
    async search(parts, expression, after, most) {
      const answer = await ask({ kind: 'search', parts, expression, after, most });
      return answer.kind === 'found' ? answer.found : wrong(answer);
    },
    async build(dataset, gap) {
      const answer = await ask({ kind: 'build', dataset, gap });
      return answer.kind === 'built' ? answer.built : wrong(answer);
    },
    close: async () => thread?.close(),
  };
}
