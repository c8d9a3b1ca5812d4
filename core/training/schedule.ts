/** How the learning rate goes over a run. */
export interface LearningRateSchedule {
  /** The rate at the end of the warm-up. */
  base: number;
  /** Steps in which the rate rises in a straight line; 0 for none. */
  warmupSteps: number;
  totalSteps: number;
  schedule: 'cosine' | 'constant' | 'reference';
  /** Only `reference` asks for it. */
  stepsPerEpoch?: number;
}

/**
 * The learning rate of a step: base x (step + 1) / warmupSteps while warming up, then half a cosine down to 0 at
 * `totalSteps`, or the base rate throughout (tests/fixtures/reference/schedule.json).
 *
 * `reference` is the cosine as the reference's code runs it (src/train.py of nishadsinghi/CleanCLIP@d6e2f1d counts epochs
 * from 1): every step has the rate of one an epoch later, so that a warm-up shorter than an epoch is never executed and
 * the rate rises again in the last epoch.
 * @param counted the step, counted from 0
 */
export function learningRateAt(
  { base, warmupSteps, totalSteps, schedule, stepsPerEpoch = 0 }: LearningRateSchedule,
  counted: number,
): number {
  const step = schedule === 'reference' ? counted + stepsPerEpoch : counted;
  if (step < warmupSteps) return (base * (step + 1)) / warmupSteps;
  // Counted late, a run that is all warm-up is past it.
  if (schedule === 'constant' || totalSteps <= warmupSteps) return base;
  const done = (step - warmupSteps) / (totalSteps - warmupSteps);
  return 0.5 * (1 + Math.cos(Math.PI * done)) * base;
}
