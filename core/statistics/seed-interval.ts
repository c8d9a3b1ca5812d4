import { WorkbenchError } from '#contract/errors.ts';
import { studentT95 } from './student-t.ts';

/** A mean over seeds with its 95 % interval. */
export interface SeedInterval {
  mean: number;
  low: number;
  high: number;
}

/**
 * Mean of the shares that several seeds gave, with Student's t interval at 95 %: mean -/+ t s / sqrt(n), where s is
 * the sample's standard deviation (n - 1). Shares lie in [0, 1], so the interval is cut there.
 * @param shares one for each seed, in [0, 1]; at least two
 * @throws WorkbenchError `internal` for fewer than two
 */
export function seedInterval(shares: readonly number[]): SeedInterval {
  const count = shares.length;
  if (count < 2) {
    throw new WorkbenchError('internal', `An interval over seeds needs two of them at least, not ${count}.`);
  }
  const mean = shares.reduce((sum, share) => sum + share, 0) / count;
  const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (count - 1);
  const reach = studentT95(count - 1) * Math.sqrt(variance / count);
  return { mean, low: Math.max(0, mean - reach), high: Math.min(1, mean + reach) };
}
