/**
 * Bins over the middle 98 % of the values, at most; the first and the last also hold what lies beyond, so that a few
 * values far out do not squeeze all others into one bin.
 */
export function findEdges(values: readonly number[], bins: number): number[] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const low = at(0.01);
  const high = at(0.99);
  const width = (high - low) / bins || 1 / bins;
  return Array.from({ length: bins + 1 }, (_, edge) => low + edge * width);
}

/** @param edges rising, at least two */
export function countInBins(values: readonly number[], edges: readonly number[]): number[] {
  const bins = edges.length - 1;
  const [low = 0] = edges;
  const width = ((edges.at(-1) ?? 1) - low) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((value - low) / width)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
