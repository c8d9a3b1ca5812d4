import { cosine } from '#core/statistics/class-scores.ts';
import { rowsOf } from '../../evaluation/rankings.ts';
import type { MethodTools } from '../training-method.ts';

/** Cosine of each record's picture and caption, by the model as it is now. */
export async function measurePairs(
  tools: Pick<MethodTools, 'embedPictures' | 'embedCaptions' | 'records'>,
): Promise<Float64Array> {
  const images = await tools.embedPictures();
  const texts = await tools.embedCaptions();
  const dim = images.length / tools.records.length;
  const textRows = rowsOf(texts, dim);
  return Float64Array.from(rowsOf(images, dim), (image, row) => cosine(image, textRows[row]!));
}

/** These places, the most similar pairs first; of equals the lower place. */
export function sortBySimilarity(places: readonly number[], similarities: Float64Array): number[] {
  return [...places].sort((a, b) => similarities[b]! - similarities[a]! || a - b);
}

/** All places of a run's records. */
export const allPlaces = ({ records }: Pick<MethodTools, 'records'>): number[] => [...records.keys()];

/** The places as a stage takes them, gone through so often that they fill a batch. */
export function fillBatch(places: readonly number[], batchSize: number): Int32Array<ArrayBuffer> {
  const times = Math.max(1, Math.ceil(batchSize / Math.max(1, places.length)));
  return Int32Array.from(Array.from({ length: times }, () => places).flat());
}
