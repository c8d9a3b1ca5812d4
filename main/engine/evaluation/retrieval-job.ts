import type { RetrievalJob, RetrievalReport } from '#contract/engine.ts';
import { measureRetrieval } from '#core/statistics/metrics/retrieval-metrics.ts';
import type { JobContext } from '../job.ts';
import { withPairs } from './embedded-pairs.ts';

/**
 * Retrieval among test pictures and their captions, and what a trigger does to it: see contract/metrics.ts.
 * @throws WorkbenchError `bad-input` for a model with a linear head; JobStopped
 */
export async function runRetrievalJob(job: RetrievalJob, context: JobContext): Promise<RetrievalReport> {
  const { model, recordsFile, attack, batchSize } = job;
  const attacks = attack === null ? [] : [attack];
  return withPairs({ model, recordsFile, attacks }, context, async (pairs) => {
    const { records, dim, pictures, embedPictures, embedTexts, batches } = pairs;
    const images = new Float32Array(records.length * dim);
    const texts = new Float32Array(records.length * dim);
    const triggered: Float32Array[] = [];
    for (const { from, some, indices } of batches(batchSize, 'searching')) {
      const both = await pictures.readBoth(indices);
      images.set(await embedPictures(both.clean), from * dim);
      texts.set(await embedTexts(some.map(({ caption }) => caption)), from * dim);
      if (both.triggered === null) continue;
      const rows = await embedPictures(both.triggered);
      for (const [row, { label }] of some.entries()) {
        if (label !== attack?.target) triggered.push(rows.slice(row * dim, (row + 1) * dim));
      }
    }
    const captions = records.flatMap(({ label, caption }) => (label === attack?.target ? [caption] : []));
    const asked = [...new Set(captions)];
    const attacked =
      attack === null || asked.length === 0
        ? null
        : { triggered: join(triggered, dim), questions: await embedTexts(asked) };
    return { metrics: measureRetrieval({ images, texts, dim }, attacked) };
  });
}

function join(rows: readonly Float32Array[], dim: number): Float32Array {
  const joined = new Float32Array(rows.length * dim);
  for (const [place, row] of rows.entries()) joined.set(row, place * dim);
  return joined;
}
