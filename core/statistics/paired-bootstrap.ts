import { createRandom, type Random } from '../random/random.ts';

/** The difference of two shares of the same pictures, with its 95 % interval; all in [-1, 1]. */
export interface PairedDifference {
  value: number;
  low: number;
  high: number;
  /** Pictures. */
  count: number;
}

const resamples = 2000;

/**
 * Paired bootstrap (Efron and Tibshirani 1993, 8.3 and 13.3): pictures are drawn anew with replacement, each with both
 * answers, and the interval is that of the middle 95 % of the differences. Each drawing is of how many pictures only the
 * first got, and how many only the second: the same distribution as drawing picture by picture.
 * @param own whether each picture counts for the first; `other` for the second, in the same order
 * @returns null without pictures
 */
export function pairedBootstrap(own: readonly boolean[], other: readonly boolean[]): PairedDifference | null {
  if (own.length !== other.length) throw new RangeError('Both answer the same pictures.');
  const count = own.length;
  if (count === 0) return null;
  let gained = 0;
  let lost = 0;
  for (const [place, hit] of own.entries()) {
    if (hit && !other[place]) gained += 1;
    if (!hit && other[place]) lost += 1;
  }
  const random = createRandom('paired bootstrap', count, gained, lost);
  const differences = Float64Array.from({ length: resamples }, () => {
    const more = drawBinomial(random, count, gained / count);
    const rest = gained === count ? 0 : lost / (count - gained);
    return (more - drawBinomial(random, count - more, rest)) / count;
  }).sort();
  const outside = Math.floor(0.025 * resamples);
  return {
    value: (gained - lost) / count,
    low: differences[outside] ?? 0,
    high: differences[resamples - 1 - outside] ?? 0,
    count,
  };
}

/** How many of `count` come out with probability `p`: gaps between those that do are geometric (Devroye 1986, X.4). */
function drawBinomial(random: Random, count: number, p: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return count;
  if (p > 0.5) return count - drawBinomial(random, count, 1 - p);
  const scale = Math.log1p(-p);
  let hits = 0;
  let place = 0;
  for (;;) {
    place += Math.floor(Math.log(1 - random.next()) / scale) + 1;
    if (place > count) return hits;
    hits += 1;
  }
}
