import { createRandom } from '#core/random/random.ts';
import type { Stage } from '../../methods/training-method.ts';

/** Where a step lies: its epoch, counted from 0, and its batch inside. */
export function locateStep(step: number, stepsPerEpoch: number): { epoch: number; batch: number } {
  return { epoch: Math.floor(step / stepsPerEpoch), batch: step % stepsPerEpoch };
}

/**
 * The order in which an epoch visits its records: a permutation that depends on seed and epoch alone, so that a run
 * can go on in the middle of an epoch as if it had never stopped.
 */
export function orderEpoch(records: number, seed: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length: records }, (_, index) => index);
  createRandom('order', seed, epoch).shuffle(order);
  return order;
}

/** What the steps of an epoch visit. */
export interface EpochRows {
  /** The phase and the records of a batch, counted from 0 in the epoch. */
  find(batch: number): { phase: string; rows: Uint32Array };
}

export interface EpochOrderInputs {
  records: number;
  batchSize: number;
  seed: number;
  epoch: number;
}

/** Lays the records of an epoch's stages out in batches; a last, smaller batch of each pass is left out. */
export function layOutEpoch(stages: readonly Stage[], inputs: EpochOrderInputs): EpochRows {
  const { batchSize } = inputs;
  const laidOut = stages.map((stage, place) => ({ ...stage, order: orderStage(stage, place, inputs) }));
  return {
    find(batch) {
      let before = 0;
      for (const { phase, steps, order } of laidOut) {
        if (batch < before + steps) {
          const from = (batch - before) * batchSize;
          return { phase, rows: order.slice(from, from + batchSize) };
        }
        before += steps;
      }
      throw new RangeError(`An epoch of ${before} steps has no batch ${batch}.`);
    },
  };
}

/** As many passes over a stage's records as its steps need, each in an order of its own. */
function orderStage(stage: Stage, place: number, inputs: EpochOrderInputs): Uint32Array {
  const { records, batchSize, seed, epoch } = inputs;
  if (stage.rows === null) return orderEpoch(records, seed, epoch);
  const perPass = Math.floor(stage.rows.length / batchSize) * batchSize;
  if (perPass === 0 && stage.steps > 0) {
    throw new RangeError(`${stage.rows.length} chosen records do not fill one batch of ${batchSize}.`);
  }
  const order = new Uint32Array(stage.steps * batchSize);
  for (let pass = 0; pass * perPass < order.length; pass++) {
    const rows = Uint32Array.from(stage.rows);
    createRandom('order', seed, epoch, place, pass).shuffle(rows);
    order.set(rows.subarray(0, Math.min(perPass, order.length - pass * perPass)), pass * perPass);
  }
  return order;
}
