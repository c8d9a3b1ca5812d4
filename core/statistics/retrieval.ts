import { dot, toUnitRows } from './unit-rows.ts';

/**
 * Retrieval with one right answer each: row i of `queries` belongs to row i of `answers`, both raw embeddings,
 * row-major [n, dim]. Gives for each query how many answers are more similar to it than its own, so recall at k is the
 * share of ranks below k.
 */
export function rankPairs(queries: Float32Array, answers: Float32Array, dim: number): number[] {
  const found = toUnitRows(answers, dim);
  return toUnitRows(queries, dim).map((asked, query) => {
    const own = dot(asked, found[query]!);
    let better = 0;
    for (const [other, answer] of found.entries()) {
      if (other !== query && dot(asked, answer) > own) better += 1;
    }
    return better;
  });
}

/** How many of the ranks are among the first k. */
export function countRecalled(ranks: readonly number[], k: number): number {
  return ranks.filter((rank) => rank < k).length;
}
