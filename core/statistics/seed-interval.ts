import { WorkbenchError } from '#contract/errors.ts';
import { studentT95 } from './student-t.ts';

/** A mean over seeds with its 95 % interval. */
export interface SeedInterval {
  mean: number;
  low: number;
  high: number;
}

/**
 * Mean of what several seeds gave, with Student's t interval at 95 %: mean -/+ t s / sqrt(n), where s is the sample's
 * standard deviation (n - 1).
 * @param values one for each seed; at least two
 * @throws WorkbenchError `internal` for fewer than two
 */
export function meanInterval(values: readonly number[]): SeedInterval {
  const count = values.length;
  if (count < 2) {
    throw new WorkbenchError('internal', `An interval over seeds needs two of them at least, not ${count}.`);
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const reach = studentT95(count - 1) * Math.sqrt(variance / count);
  return { mean, low: mean - reach, high: mean + reach };
}

/**
 * {@link meanInterval} of shares, which lie in [0, 1]: the interval is cut there.
 * @throws WorkbenchError `internal` for fewer than two
 */
export function seedInterval(shares: readonly number[]): SeedInterval {
  const { mean, low, high } = meanInterval(shares);
  return { mean, low: Math.max(0, low), high: Math.min(1, high) };
}
