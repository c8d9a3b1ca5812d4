import type { Share } from '#contract/evaluation.ts';

/** What a model reaches that knows nothing: by guessing, or by always naming the largest class. In [0, 1]. */
export function chanceOf(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total === 0 ? 1 : Math.max(1 / counts.length, Math.max(...counts) / total);
}

/** Whether an accuracy cannot be told from chance: its interval reaches down to it. */
export function isNearChance(accuracy: Share, chance: number): boolean {
  return accuracy.low <= chance;
}
