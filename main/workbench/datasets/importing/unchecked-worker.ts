import { workerData } from 'node:worker_threads';
import type { FormatName } from '#contract/import.ts';
import type { Reached } from '#main/data/importing/read-found.ts';
import { lookAt } from '#main/data/readers/look.ts';
import type { ReaderOptions } from '#main/data/readers/reader.ts';
import { readers } from '#main/data/readers/readers.ts';
import { serveTasks } from '#main/data/threads/serve-tasks.ts';
import { type ImportStep, uncheckedSteps } from './import-steps.ts';

// The thread of read-apart.ts: it reads and packs rows while the program adds those before them.

/** What is read, and how. */
export interface ApartReading {
  path: string;
  format: FormatName;
  options: ReaderOptions;
  from: Reached | null;
}

const { path, format, options, from }: ApartReading = workerData;

async function* steps(): AsyncGenerator<ImportStep, void> {
  const reading = await readers[format].open(await lookAt(path), options);
  yield* uncheckedSteps(reading, from === null ? {} : { from });
}

const all = steps();

/** Each task is the next step; null: there is none. */
serveTasks<null, ImportStep | null>(async () => (await all.next()).value ?? null);
