import { availableParallelism } from 'node:os';
import type { ModelSpec } from '#contract/clip-config.ts';
import { programBeside } from '#main/data/files/program-beside.ts';
import { openThreadPool } from '#main/data/threads/thread-pool.ts';
import { synonymsInWordnet } from '#main/data/words/wordnet.ts';
import { createTextEncoder } from '../../text-encoder.ts';
import { type AssembledBatch, type Assembly, type AssemblyTask, assembleBatch } from './assemble-batch.ts';

/** A run of fewer rows in all its batches makes them on the thread that asks: starting another takes longer. */
const fewRows = 4096;

/** Who makes a run's batches from what was read for them. */
export interface BatchMaker {
  make(task: AssemblyTask): Promise<AssembledBatch>;
  close(): Promise<void>;
}

/**
 * @param spec the model that reads the batches
 * @param rows in all batches of the run together
 */
export function openBatchMaker(spec: ModelSpec, rows: number): BatchMaker {
  if (rows < fewRows) {
    const assembly = assemblyFor(spec);
    return { make: async (task) => assembleBatch(task, assembly), close: async () => {} };
  }
  const pool = openThreadPool<AssemblyTask, AssembledBatch>({
    file: programBeside('batch-worker', import.meta.url),
    count: Math.max(1, Math.min(2, availableParallelism() - 1)),
    tasksAtOnce: 1,
    // It reads the tokenizer, too, while graphs are traced.
    early: true,
    data: spec,
  });
  return { make: (task) => pool.run(task), close: () => pool.close() };
}

export function assemblyFor(spec: ModelSpec): Assembly {
  const { image, text } = spec.clip;
  return {
    resolution: image.resolution,
    contextLength: text.contextLength,
    encode: createTextEncoder(spec),
    synonymsOf: synonymsInWordnet,
  };
}
