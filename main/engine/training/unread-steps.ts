import * as tf from '@tensorflow/tfjs-core';
import { WorkbenchError } from '#contract/errors.ts';
import { usesProcessorOps } from '../clip/ops/tensorflow-op.ts';

/** What a step gave. */
export interface StepTaken {
  /** Counted from 1. */
  step: number;
  loss: number;
  learningRate: number;
  logitScale: number | null;
  /** How long it waited for its batch, milliseconds. */
  waitedMs: number;
}

/** A step whose numbers lie where it was computed. */
export interface UnreadStep {
  step: number;
  learningRate: number;
  waitedMs: number;
  loss: tf.Tensor;
  logitScale: tf.Tensor | null;
}

/**
 * After so many steps their losses are read, all at once. On a GPU a reading waits until all that was asked of it is
 * done, and the next step is asked for only then; on a processor it costs nothing.
 */
export function stepsBetweenReadings(): number {
  return usesProcessorOps() || ['wasm', 'cpu'].includes(tf.getBackend()) ? 1 : 10;
}

/** Steps that were taken and not read yet, in their order. */
export class UnreadSteps {
  #steps: UnreadStep[] = [];

  add(step: UnreadStep): void {
    this.#steps.push(step);
  }

  /** Reads and forgets them. @throws WorkbenchError `bad-input` for the first whose loss is no number any more */
  async read(): Promise<StepTaken[]> {
    const steps = this.#steps;
    this.#steps = [];
    const tensors = steps.flatMap(({ loss, logitScale }) =>
      logitScale === null ? [loss] : [loss, logitScale],
    );
    if (tensors.length === 0) return [];
    const joined = tf.stack(tensors);
    try {
      const values = (await joined.data()).values();
      const next = () => values.next().value ?? Number.NaN;
      return steps.map(({ step, learningRate, waitedMs, loss: _, logitScale }) => {
        const loss = next();
        checkLoss(loss, step, learningRate);
        return { step, loss, learningRate, logitScale: logitScale === null ? null : next(), waitedMs };
      });
    } finally {
      tf.dispose([joined, ...tensors]);
    }
  }

  dispose(): void {
    for (const { loss, logitScale } of this.#steps)
      tf.dispose(logitScale === null ? [loss] : [loss, logitScale]);
    this.#steps = [];
  }
}

function checkLoss(loss: number, step: number, learningRate: number): void {
  if (Number.isFinite(loss)) return;
  throw new WorkbenchError(
    'bad-input',
    `The loss became ${loss} at step ${step}, at a learning rate of ${learningRate}: try a smaller --learning-rate or more --warmup-steps.`,
    { step, learningRate },
  );
}
