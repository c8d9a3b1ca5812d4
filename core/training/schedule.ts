/** How the learning rate goes over a run. */
export interface LearningRateSchedule {
  /** The rate at the end of the warm-up. */
  base: number;
  /** Steps in which the rate rises in a straight line; 0 for none. */
  warmupSteps: number;
  totalSteps: number;
  schedule: 'cosine' | 'constant';
}

/**
 * The learning rate of a step: base x (step + 1) / warmupSteps while warming up, then half a cosine down to 0 at
 * `totalSteps`, or the base rate throughout (tests/fixtures/reference/schedule.json).
 * @param step counted from 0
 */
export function learningRateAt(
  { base, warmupSteps, totalSteps, schedule }: LearningRateSchedule,
  step: number,
): number {
  if (step < warmupSteps) return (base * (step + 1)) / warmupSteps;
  if (schedule === 'constant') return base;
  const done = (step - warmupSteps) / (totalSteps - warmupSteps);
  return 0.5 * (1 + Math.cos(Math.PI * done)) * base;
}
