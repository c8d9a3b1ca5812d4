/** How likely a value belongs to each of the two parts; they sum to 1. */
export interface Membership {
  low: number;
  high: number;
}

const rounds = 200;
const smallestVariance = 1e-8;

/**
 * A mixture of two normal distributions over numbers, by expectation maximisation, begun at the means of the lower and
 * the upper half; gives each value's memberships. `high` is the part with the larger mean. SafeCLIP splits pairs so
 * (ICML 2024, section 4.2). Of fewer than two different values all belong to `high`.
 */
export function fitTwoNormals(values: ArrayLike<number>): Membership[] {
  const list = Array.from(values);
  const sorted = [...list].sort((a, b) => a - b);
  if (sorted[0] === sorted.at(-1)) return list.map(() => ({ low: 0, high: 1 }));
  const middle = Math.floor(sorted.length / 2);
  let parts = [sorted.slice(0, middle), sorted.slice(middle)].map((half) =>
    weigh(
      half,
      half.map(() => 1),
      list.length,
    ),
  );
  let shares = list.map(() => 0);
  for (let round = 0; round < rounds; round++) {
    const next = list.map((value) => {
      const [low, high] = parts.map((part) => part.weight * density(value, part));
      return low! + high! === 0
        ? Number(value > (parts[0]!.mean + parts[1]!.mean) / 2)
        : high! / (low! + high!);
    });
    const moved = Math.max(...next.map((share, at) => Math.abs(share - shares[at]!)));
    shares = next;
    if (moved < 1e-9) break;
    parts = [
      weigh(
        list,
        shares.map((share) => 1 - share),
        list.length,
      ),
      weigh(list, shares, list.length),
    ];
  }
  const swapped = parts[0]!.mean > parts[1]!.mean;
  return shares.map((share) => (swapped ? { low: share, high: 1 - share } : { low: 1 - share, high: share }));
}

interface Part {
  weight: number;
  mean: number;
  variance: number;
}

function weigh(values: readonly number[], weights: readonly number[], count: number): Part {
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1e-12;
  const mean = values.reduce((sum, value, at) => sum + value * weights[at]!, 0) / total;
  const variance = values.reduce((sum, value, at) => sum + weights[at]! * (value - mean) ** 2, 0) / total;
  return { weight: total / count, mean, variance: Math.max(variance, smallestVariance) };
}

function density(value: number, { mean, variance }: Part): number {
  return Math.exp((-0.5 * (value - mean) ** 2) / variance) / Math.sqrt(2 * Math.PI * variance);
}
