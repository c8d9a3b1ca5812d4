import { workerData } from 'node:worker_threads';
import { buildPart } from '#db/captions/build-part.ts';
import { openPartReader } from '#db/captions/search-parts.ts';
import { serveTasks } from '#main/data/threads/serve-tasks.ts';
import type { CaptionAnswer, CaptionTask } from './caption-thread.ts';

// The thread of caption-thread.ts.

const { database }: { database: string } = workerData;
const reader = openPartReader(database);

function answer(task: CaptionTask): CaptionAnswer {
  switch (task.kind) {
    case 'start':
      return { kind: 'started' };
    case 'search':
      return { kind: 'found', found: reader.search(task.parts, task.expression, task.after, task.most) };
    case 'build':
      return { kind: 'built', built: buildPart(database, task.dataset, task.gap) };
  }
}

serveTasks<CaptionTask, CaptionAnswer>(
  async (task) => answer(task),
  (given) => (given.kind === 'found' ? [given.found.ids.buffer] : []),
);
