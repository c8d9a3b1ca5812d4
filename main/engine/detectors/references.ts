import type { PairFeatures } from './features.ts';

/** Pictures first, then, for pairs, captions: [count or 2 x count, dim]. */
export interface References {
  values: Float32Array;
  count: number;
  dim: number;
  /** How many of them are pictures. */
  pairs: number;
}

export function joinReferences(
  { images, texts, count, dim }: PairFeatures,
  kind: 'pairs' | 'pictures',
): References {
  if (kind === 'pictures') return { values: images, count, dim, pairs: count };
  const values = new Float32Array(images.length + texts.length);
  values.set(images);
  values.set(texts, images.length);
  return { values, count: 2 * count, dim, pairs: count };
}
