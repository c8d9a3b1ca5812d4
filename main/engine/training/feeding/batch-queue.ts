import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../../methods/building-blocks/batch-recipe.ts';

/** Batches of the steps to come, made while TensorFlow computes on its own threads. */
export interface BatchQueue {
  /** The batch of a step, which is the caller's to dispose. Steps come in their order. */
  take(step: number): Promise<Batch>;
  /** Begins those after `step` that may be begun. */
  fill(step: number): void;
  /** Disposes what was made for nothing. */
  dispose(): Promise<void>;
}

export interface BatchQueueOptions {
  make(step: number): Promise<Batch>;
  /** How many are made, or kept, ahead. */
  ahead: number;
  /** Whether a step's batch may be made before the step before it is done; the steps behind it wait with it. */
  mayBegin(step: number): boolean;
}

export function createBatchQueue({ make, ahead, mayBegin }: BatchQueueOptions): BatchQueue {
  const begun = new Map<number, Promise<Batch>>();
  const begin = (step: number): Promise<Batch> => {
    const batch = make(step);
    // A failure is met when its turn comes; until then it must not count as unhandled.
    batch.catch(() => {});
    begun.set(step, batch);
    return batch;
  };
  return {
    take(step) {
      const batch = begun.get(step) ?? begin(step);
      begun.delete(step);
      return batch;
    },
    fill(step) {
      for (let next = step + 1; next <= step + ahead && mayBegin(next); next++) {
        if (!begun.has(next)) void begin(next);
      }
    },
    async dispose() {
      const left = await Promise.allSettled(begun.values());
      begun.clear();
      for (const result of left) if (result.status === 'fulfilled') tf.dispose(Object.values(result.value));
    },
  };
}
