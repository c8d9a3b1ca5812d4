import { statSync } from 'node:fs';
import { programBeside } from '#main/data/files/program-beside.ts';
import { throwIfCancelled } from '#main/data/importing/read-found.ts';
import { openThreadPool } from '#main/data/threads/thread-pool.ts';
import type { ImportStep } from './import-steps.ts';
import type { ApartReading } from './unchecked-worker.ts';

/** Steps that are read ahead of the one that is added. */
const stepsAhead = 3;

/** A shorter file is read sooner than a thread has started. */
const leastBytes = 4 * 1024 ** 2;

/** Whether what lies at a path is long enough for {@link readApart}. */
export function isLong(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size >= leastBytes;
}

/** uncheckedSteps in a thread of its own, ahead of who takes them. @throws WorkbenchError as there; `cancelled` */
export async function* readApart(
  reading: ApartReading,
  signal: AbortSignal | undefined,
): AsyncGenerator<ImportStep, void> {
  const file = programBeside('unchecked-worker', import.meta.url);
  const thread = openThreadPool<null, ImportStep | null>({
    file,
    count: 1,
    tasksAtOnce: stepsAhead,
    data: reading,
  });
  const ask = () => {
    const next = thread.run(null);
    // Its failure is met when its turn comes.
    next.catch(() => {});
    return next;
  };
  const asked = Array.from({ length: stepsAhead }, ask);
  try {
    for (;;) {
      const step = await asked.shift()!;
      throwIfCancelled(signal);
      if (step === null) return;
      asked.push(ask());
      yield step;
    }
  } finally {
    await thread.close();
  }
}
