import type { EmbedJob } from '#contract/engine.ts';
import { writeSafetensors } from '../checkpoints/safetensors.ts';
import type { WritableTensor } from '../checkpoints/tensor-dtypes.ts';
import type { JobContext } from '../job.ts';
import { embedAllPairs, withPairs } from './embedded-pairs.ts';

/**
 * Embeddings of pictures and of their captions, as a safetensors file: `images` and `texts` [n, dim] float32, row by
 * row in the order of `keys`, a JSON list in the file's metadata.
 * @throws WorkbenchError `bad-input` for a model with a linear head, `corrupt-file` for a picture
 */
export async function runEmbedJob(
  job: EmbedJob,
  context: JobContext,
): Promise<{ rows: number; dim: number; sha256: string }> {
  const { model, recordsFile, batchSize } = job;
  return withPairs({ model, recordsFile, attacks: [] }, context, async (pairs) => {
    const { records, dim } = pairs;
    const { images, texts } = await embedAllPairs(pairs, batchSize);
    if (job.unitLength) for (const values of [images, texts]) normaliseRows(values, dim);
    const shape = [records.length, dim];
    const tensors = new Map<string, WritableTensor>([
      ['images', { dtype: 'F32', shape, data: images }],
      ['texts', { dtype: 'F32', shape, data: texts }],
    ]);
    const notes = { keys: JSON.stringify(records.map(({ key }) => key)) };
    return { rows: records.length, dim, sha256: writeSafetensors(job.out, tensors, notes) };
  });
}

function normaliseRows(values: Float32Array, dim: number): void {
  for (let from = 0; from < values.length; from += dim) {
    const row = values.subarray(from, from + dim);
    const length = Math.hypot(...row) || 1;
    for (let at = 0; at < dim; at++) row[at] = row[at]! / length;
  }
}
