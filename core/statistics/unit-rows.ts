/** Rows of raw embeddings, row-major [n, dim], each made of length 1 (a row of zeros stays), in double precision. */
export function toUnitRows(values: Float32Array, dim: number): Float64Array[] {
  return Array.from({ length: values.length / dim }, (_, row) => {
    const own = Float64Array.from(values.subarray(row * dim, (row + 1) * dim));
    const length = Math.sqrt(dot(own, own)) || 1;
    return own.map((value) => value / length);
  });
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
