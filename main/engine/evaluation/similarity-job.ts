import type { EngineRecord, SimilarityJob, SimilarityReport } from '#contract/engine.ts';
import type { JobContext } from '../job.ts';
import { embedClasses } from './class-rows.ts';
import { withPairs } from './embedded-pairs.ts';

/**
 * Ranks pictures, without any trigger, by the cosine similarity of their embeddings to the target's: the mean of its
 * prompts' embeddings, as zero-shot classification has it.
 * @throws WorkbenchError `bad-input` for a model with a linear head, which has no text tower
 */
export async function runSimilarityJob(job: SimilarityJob, context: JobContext): Promise<SimilarityReport> {
  const { model, recordsFile, target, prompts, batchSize } = job;
  return withPairs({ model, recordsFile, attacks: [] }, context, async (pairs) => {
    const { records, dim, embedder, pictures, embedPictures, batches } = pairs;
    const similarities = new Float64Array(records.length);
    const { values: wanted } = await embedClasses(embedder, { classes: [target], prompts, batchSize }, dim);
    for (const { indices } of batches(batchSize, 'embedding')) {
      const images = await embedPictures(await pictures.read(indices));
      for (const [row, index] of indices.entries()) {
        similarities[index] = cosine(images.subarray(row * dim, (row + 1) * dim), wanted);
      }
    }
    return takeFirst(job, records, similarities);
  });
}

function takeFirst(
  { order, count }: SimilarityJob,
  records: readonly EngineRecord[],
  similarities: Float64Array,
): SimilarityReport {
  const sign = order === 'nearest' ? -1 : 1;
  const first = records
    .map(({ recordId, key }, index) => ({ recordId, key, similarity: similarities[index] ?? 0 }))
    .sort((a, b) => sign * (a.similarity - b.similarity) || (a.key < b.key ? -1 : 1))
    .slice(0, count);
  return {
    recordIds: first.map(({ recordId }) => recordId),
    similarities: first.map(({ similarity }) => similarity),
  };
}

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let squareA = 0;
  let squareB = 0;
  for (const [place, x] of a.entries()) {
    const y = b[place] ?? 0;
    dot += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  return dot / Math.sqrt(squareA * squareB || 1);
}
