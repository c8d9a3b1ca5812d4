import { cosine } from './class-scores.ts';

/**
 * Retrieval with one right answer each: row i of `queries` belongs to row i of `answers`, both raw embeddings,
 * row-major [n, dim]. Gives for each query how many answers are more similar to it than its own, so recall at k is the
 * share of ranks below k.
 */
export function rankPairs(queries: Float32Array, answers: Float32Array, dim: number): number[] {
  const row = (rows: Float32Array, at: number) => rows.subarray(at * dim, (at + 1) * dim);
  const count = answers.length / dim;
  return Array.from({ length: queries.length / dim }, (_, query) => {
    const asked = row(queries, query);
    const own = cosine(asked, row(answers, query));
    let better = 0;
    for (let other = 0; other < count; other++) {
      if (other !== query && cosine(asked, row(answers, other)) > own) better += 1;
    }
    return better;
  });
}

/** How many of the ranks are among the first k. */
export function countRecalled(ranks: readonly number[], k: number): number {
  return ranks.filter((rank) => rank < k).length;
}
