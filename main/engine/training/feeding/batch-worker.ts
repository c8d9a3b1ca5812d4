import { workerData } from 'node:worker_threads';
import type { ModelSpec } from '#contract/clip-config.ts';
import { serveTasks } from '#main/data/threads/serve-tasks.ts';
import { type AssembledBatch, type AssemblyTask, assembleBatch } from './assemble-batch.ts';
import { assemblyFor } from './batch-threads.ts';

// One of the threads of batch-threads.ts.

const assembly = assemblyFor(workerData as ModelSpec);

serveTasks<AssemblyTask, AssembledBatch>(
  async (task) => assembleBatch(task, assembly),
  ({ pixels, tokens }) => [pixels, tokens?.ids].flatMap((values) => (values ? [values.buffer] : [])),
);
