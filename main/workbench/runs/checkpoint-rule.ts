/** What goes on from a checkpoint, and is large, is kept with this many of the latest. */
export const resumableCheckpoints = 2;

/** Of the ends of epochs, about this many are kept, evenly over the run. */
const keptEpochs = 8;

export interface RunSchedule {
  totalSteps: number;
  epochs: number;
  /** The step of the best measurement so far; null where nothing was measured. */
  best: number | null;
}

/**
 * The steps of the checkpoints that stay: the latest two, the best one, and of the ends of epochs every K-th, with K so
 * that eight or nine of a whole run stay (all of a run of eight epochs or fewer). What was written within an epoch
 * stays only as long as it is among the latest.
 */
export function keptSteps(steps: readonly number[], { totalSteps, epochs, best }: RunSchedule): Set<number> {
  const sorted = steps.toSorted((a, b) => a - b);
  const stepsPerEpoch = epochs === 0 ? totalSteps : totalSteps / epochs;
  const stride = stepsPerEpoch * Math.max(1, Math.ceil(epochs / keptEpochs));
  return new Set([
    ...sorted.slice(-resumableCheckpoints),
    ...sorted.filter((step) => step === best || step % stride === 0),
  ]);
}
