/** Raw features of pairs, not normalised, row-major [count, dim]: row i of the pictures belongs to row i of the captions. */
export interface PairFeatures {
  images: Float32Array;
  texts: Float32Array;
  count: number;
  dim: number;
}

/** The pairs of these places, in their order. */
export function takePairs({ images, texts, dim }: PairFeatures, places: Uint32Array): PairFeatures {
  const take = (from: Float32Array) => {
    const rows = new Float32Array(places.length * dim);
    for (const [row, place] of places.entries())
      rows.set(from.subarray(place * dim, (place + 1) * dim), row * dim);
    return rows;
  };
  return { images: take(images), texts: take(texts), count: places.length, dim };
}
