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

function norm(values: Float32Array | Float64Array): number {
  let square = 0;
  for (let i = 0; i < values.length; i++) square += (values[i] as number) ** 2;
  return Math.sqrt(square);
}
