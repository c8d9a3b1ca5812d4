import { rankScores } from './zero-shot.ts';

/** How every class scores for one picture. */
export interface ClassScores {
  /** Cosine of picture and class, -1 to 1, [classes]; null where a linear head judges. */
  similarities: Float64Array | null;
  /** Softmax over the classes, [classes]. */
  shares: Float64Array;
  /** All class numbers, best first: the same order as {@link rankClasses} and {@link rankScores} give. */
  order: number[];
}

/**
 * Zero-shot scores of one picture.
 * @param embedding raw, [dim]
 * @param classes of length 1, row-major [classes, dim]: see classEmbeddings
 * @param temperature what cosines are multiplied by before the softmax: exp(logit_scale)
 */
export function scoreClasses(
  embedding: Float32Array,
  classes: Float32Array,
  temperature: number,
): ClassScores {
  const dim = embedding.length;
  const length = Math.sqrt(embedding.reduce((sum, value) => sum + value * value, 0));
  const products = Float64Array.from({ length: classes.length / dim }, (_, row) =>
    dotProduct(embedding, classes.subarray(row * dim, (row + 1) * dim)),
  );
  const similarities = products.map((product) => product / length);
  return {
    similarities,
    shares: softmax(similarities.map((similarity) => similarity * temperature)),
    order: rankScores(products, products.length),
  };
}

/** Scores of one picture by a linear head, whose row `at` stands for class `classNumbers[at]`. */
export function scoreByHead(
  scores: Float32Array,
  classNumbers: readonly number[],
  classCount: number,
): ClassScores {
  const ofHead = softmax(Float64Array.from(scores));
  const shares = new Float64Array(classCount);
  for (const [at, number] of classNumbers.entries()) shares[number] = ofHead[at] as number;
  const order = rankScores(scores, scores.length).map((place) => classNumbers[place] as number);
  return { similarities: null, shares, order };
}

/** Cosine of two vectors of one length. */
export function cosine(a: Float32Array, b: Float32Array): number {
  return dotProduct(a, b) / Math.sqrt(dotProduct(a, a) * dotProduct(b, b));
}

function dotProduct(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function softmax(values: Float64Array): Float64Array {
  const highest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const powers = values.map((value) => Math.exp(value - highest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}
