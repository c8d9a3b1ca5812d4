/**
 * One embedding for each class from those of its prompts: each made of length 1, the mean taken, made of length 1
 * again (Radford et al. 2021, 3.1.4; tests/fixtures/reference/zeroshot).
 * @param promptEmbeddings raw, row-major [classes, prompts, dim]
 * @returns row-major [classes, dim]
 */
export function classEmbeddings(
  promptEmbeddings: Float32Array,
  classes: number,
  prompts: number,
  dim: number,
): Float32Array {
  const sums = new Float64Array(classes * dim);
  for (let row = 0; row < classes * prompts; row++) {
    const embedding = promptEmbeddings.subarray(row * dim, (row + 1) * dim);
    const length = norm(embedding);
    const to = Math.floor(row / prompts) * dim;
    for (let i = 0; i < dim; i++) sums[to + i] = (sums[to + i] as number) + (embedding[i] as number) / length;
  }
  for (let row = 0; row < classes; row++) {
    const sum = sums.subarray(row * dim, (row + 1) * dim);
    const length = norm(sum);
    for (let i = 0; i < dim; i++) sum[i] = (sum[i] as number) / length;
  }
  return new Float32Array(sums);
}

/**
 * The classes nearest to each image by cosine similarity.
 * @param imageEmbeddings raw or of length 1, row-major [images, dim]
 * @param classes of length 1, row-major [classes, dim]: see {@link classEmbeddings}
 * @returns for each image at most `top` class numbers, best first; of equals the lower number first
 */
export function rankClasses(
  imageEmbeddings: Float32Array,
  classes: Float32Array,
  dim: number,
  top: number,
): number[][] {
  const classCount = classes.length / dim;
  const scores = new Float64Array(classCount);
  return Array.from({ length: imageEmbeddings.length / dim }, (_, image) => {
    // The image's own length changes no order, so it is left as it is.
    for (let row = 0; row < classCount; row++) {
      let product = 0;
      for (let i = 0; i < dim; i++) {
        product += (imageEmbeddings[image * dim + i] as number) * (classes[row * dim + i] as number);
      }
      scores[row] = product;
    }
    return rankScores(scores, top);
  });
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

function norm(values: Float32Array | Float64Array): number {
  let square = 0;
  for (let i = 0; i < values.length; i++) square += (values[i] as number) ** 2;
  return Math.sqrt(square);
}
