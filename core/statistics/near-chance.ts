import type { Share } from '#contract/evaluation.ts';

/** How many pictures the classes of a test set have. */
export interface ClassCounts {
  classes: number;
  /** Of the largest class. */
  largest: number;
  total: number;
}

export function summariseCounts(counts: readonly number[]): ClassCounts {
  const largest = counts.reduce((most, count) => Math.max(most, count), 0);
  return { classes: counts.length, largest, total: counts.reduce((sum, count) => sum + count, 0) };
}

/** What a model reaches that knows nothing: by guessing, or by always naming the largest class. In [0, 1]. */
export const chanceOf = ({ classes, largest, total }: ClassCounts): number =>
  total === 0 ? 1 : Math.max(1 / classes, largest / total);

/** Whether an accuracy cannot be told from chance: its interval reaches down to it. */
export const isNearChance = (accuracy: Share, chance: number): boolean => accuracy.low <= chance;
