/** How every class scores for one picture. */
export interface ClassScores {
  /** Cosine of picture and class, -1 to 1, [classes]; null where a linear head judges. */
  similarities: Float64Array | null;
  /** Softmax over the classes, [classes]. */
  probabilities: Float64Array;
  /** Class numbers, best first; of equals the lower number first. */
  order: number[];
}

/**
 * Zero-shot scores of one picture.
 * @param embedding raw, [dim]
 * @param classes of length 1, row-major [classes, dim]: see classEmbeddings
 * @param logitScale what cosines are multiplied by before the softmax: exp of the stored logit_scale
 * @param top how many classes `order` holds at most
 */
export function scoreClasses(
  embedding: Float32Array,
  classes: Float32Array,
  logitScale: number,
  top = Number.POSITIVE_INFINITY,
): ClassScores {
  const dim = embedding.length;
  const length = Math.sqrt(embedding.reduce((sum, value) => sum + value * value, 0));
  const products = Float64Array.from({ length: classes.length / dim }, (_, row) =>
    dotProduct(embedding, classes.subarray(row * dim, (row + 1) * dim)),
  );
  const similarities = products.map((product) => product / length);
  return {
    similarities,
    probabilities: softmax(similarities.map((similarity) => similarity * logitScale)),
    // The image's own length changes no order, so it is left as it is.
    order: rankScores(products, top),
  };
}

/** Scores of one picture by a linear head, whose row `at` stands for class `classNumbers[at]`; `top` as above. */
export function scoreByHead(
  scores: Float32Array,
  classNumbers: readonly number[],
  classCount: number,
  top = Number.POSITIVE_INFINITY,
): ClassScores {
  const ofHead = softmax(Float64Array.from(scores));
  const probabilities = new Float64Array(classCount);
  for (const [at, number] of classNumbers.entries()) probabilities[number] = ofHead[at] as number;
  const order = rankScores(scores, top).map((place) => classNumbers[place] as number);
  return { similarities: null, probabilities, order };
}

/** Places of the highest scores, at most `top`, best first; of equals the lower place first. */
export function rankScores(scores: ArrayLike<number>, top: number): number[] {
  const best: number[] = [];
  for (let place = 0; place < scores.length; place++) {
    const score = scores[place] as number;
    let rank = best.length;
    while (rank > 0 && score > (scores[best[rank - 1] as number] as number)) rank--;
    if (rank >= top) continue;
    best.splice(rank, 0, place);
    if (best.length > top) best.pop();
  }
  return best;
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
