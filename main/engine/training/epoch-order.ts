import { createRandom } from '#core/random/random.ts';

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
