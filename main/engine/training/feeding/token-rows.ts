/** Texts are filled up to one of these lengths, or to the context: few graphs serve all batches. */
const lengths = [16, 32];

/** The lengths that texts of a model can have as tensors: few, so that all their graphs are traced before the first step. */
export function textLengths(contextLength: number): number[] {
  return [...lengths.filter((length) => length < contextLength), contextLength];
}

/** Token ids of texts, row-major [texts, length], filled up with 0. */
export interface TokenRows {
  ids: Int32Array<ArrayBuffer>;
  length: number;
}

/**
 * Token rows no longer than the longest text needs: the text tower is causal and reads its feature at the end token, so
 * what follows changes no result.
 * @param texts token ids, each at most `contextLength` long
 */
export function layOutTokens(texts: readonly number[][], contextLength: number): TokenRows {
  const longest = texts.reduce((length, tokens) => Math.max(length, tokens.length), 1);
  const length = textLengths(contextLength).find((candidate) => longest <= candidate) ?? contextLength;
  const ids = new Int32Array(texts.length * length);
  for (const [row, tokens] of texts.entries()) ids.set(tokens, row * length);
  return { ids, length };
}
