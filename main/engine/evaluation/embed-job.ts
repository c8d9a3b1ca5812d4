import type { EmbedJob } from '#contract/engine.ts';
import { writeSafetensors } from '../checkpoints/safetensors.ts';
import type { WritableTensor } from '../checkpoints/tensor-dtypes.ts';
import type { JobContext } from '../job.ts';
import { type EmbeddedPairs, embedAllPairs, embedAllPictures, withPairs } from './embedded-pairs.ts';

/**
 * Embeddings of pictures and of their captions, as a safetensors file: `images` and `texts` [n, dim] float32, row by
 * row in the order of `keys`, a JSON list in the file's metadata; where texts of their own are embedded, those are in
 * `texts` of the metadata.
 * @throws WorkbenchError `bad-input` for a model with a linear head, `corrupt-file` for a picture
 */
export async function runEmbedJob(
  job: EmbedJob,
  context: JobContext,
): Promise<{ rows: number; dim: number; sha256: string }> {
  const { model, recordsFile, batchSize } = job;
  return withPairs({ model, recordsFile, attacks: [] }, context, async (pairs) => {
    const { records, dim } = pairs;
    const { images, texts } =
      job.texts === null
        ? await embedAllPairs(pairs, batchSize)
        : {
            images: await embedAllPictures(pairs, batchSize),
            texts: await embedTexts(pairs, job.texts, batchSize),
          };
    if (job.unitLength) for (const values of [images, texts]) normaliseRows(values, dim);
    const tensors = new Map<string, WritableTensor>([
      ['images', { dtype: 'F32', shape: [records.length, dim], data: images }],
      ['texts', { dtype: 'F32', shape: [texts.length / dim, dim], data: texts }],
    ]);
    const keys = JSON.stringify(records.map(({ key }) => key));
    const notes = job.texts === null ? { keys } : { keys, texts: JSON.stringify(job.texts) };
    return { rows: records.length, dim, sha256: writeSafetensors(job.out, tensors, notes) };
  });
}

async function embedTexts(
  { dim, embedTexts: embed }: EmbeddedPairs,
  texts: readonly string[],
  batchSize: number,
): Promise<Float32Array<ArrayBuffer>> {
  const values = new Float32Array(texts.length * dim);
  for (let from = 0; from < texts.length; from += batchSize)
    values.set(await embed(texts.slice(from, from + batchSize)), from * dim);
  return values;
}

function normaliseRows(values: Float32Array, dim: number): void {
  for (let from = 0; from < values.length; from += dim) {
    const row = values.subarray(from, from + dim);
    const length = Math.hypot(...row) || 1;
    for (let at = 0; at < dim; at++) row[at] = row[at]! / length;
  }
}
