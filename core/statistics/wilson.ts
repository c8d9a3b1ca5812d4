import type { Share } from '#contract/evaluation.ts';

/** The normal distribution's 97.5 % quantile: 95 % lie within it on both sides. */
const z = 1.959963984540054;

/**
 * A share with its Wilson score interval at 95 % (Wilson 1927). Of nothing, the share is 0 and its interval the whole
 * [0, 1]: nothing is known.
 * @param hits whole number in [0, count]
 */
export function wilson(hits: number, count: number): Share {
  if (count === 0) return { hits, count, value: 0, low: 0, high: 1 };
  const value = hits / count;
  const square = (z * z) / count;
  const centre = value + square / 2;
  const reach = z * Math.sqrt((value * (1 - value)) / count + square / (4 * count));
  return {
    hits,
    count,
    value,
    low: hits === 0 ? 0 : Math.max(0, (centre - reach) / (1 + square)),
    high: hits === count ? 1 : Math.min(1, (centre + reach) / (1 + square)),
  };
}
