import type { ModelSpec } from '#contract/clip-config.ts';
import type { EngineRecord } from '#contract/engine.ts';
import type { PictureStore } from '#main/data/picture-store.ts';
import { createEmbedder, type Embedder } from '../evaluation/embed.ts';
import { type JobContext, JobStopped } from '../job.ts';
import type { MethodTools } from '../methods/training-method.ts';
import type { TextEncoder } from '../text-encoder.ts';
import { cutPictures, toImageTensor } from './image-batch.ts';
import type { Weights } from './prepare-start.ts';

/** Records that are embedded at once. It decides rounding, so it never depends on the machine. */
const embeddedAtOnce = 64;

export interface ToolInputs {
  spec: ModelSpec;
  records: readonly EngineRecord[];
  pictures: Pick<PictureStore, 'read'>;
  encode: TextEncoder;
  weights: Weights;
  /** The step at which the hook is called. */
  step: number;
  loadStartWeights: MethodTools['loadStartWeights'];
}

/** What a method's hooks may use. They stop with JobStopped where the job is asked to: a checkpoint of `step` exists. */
export function createMethodTools(inputs: ToolInputs, context: JobContext): MethodTools {
  const { spec, records, pictures, encode, weights, step, loadStartWeights } = inputs;
  const { embedDim, image } = spec.clip;
  const embedAll = async (
    phase: string,
    embed: (embedder: Embedder, rows: Uint32Array) => Promise<Float32Array>,
  ): Promise<Float32Array> => {
    const embedder = createEmbedder({ spec, ...weights }, encode);
    const values = new Float32Array(records.length * embedDim);
    try {
      for (let from = 0; from < records.length; from += embeddedAtOnce) {
        if (context.stopRequested()) throw new JobStopped(step);
        const length = Math.min(embeddedAtOnce, records.length - from);
        const rows = Uint32Array.from({ length }, (_, row) => from + row);
        values.set(await embed(embedder, rows), from * embedDim);
        context.emit({ type: 'progress', phase, done: from + length, total: records.length });
      }
      return values;
    } finally {
      embedder.dispose();
    }
  };
  return {
    records,
    weights,
    loadStartWeights,
    embedPictures: () =>
      embedAll('embedding pictures', async (embedder, rows) => {
        const pixels = toImageTensor(cutPictures(await pictures.read(rows), image.resolution));
        try {
          return await embedder.embedImages(pixels);
        } finally {
          pixels.dispose();
        }
      }),
    embedCaptions: () =>
      embedAll('embedding captions', (embedder, rows) =>
        embedder.embedTexts(Array.from(rows, (row) => records[row]!.caption)),
      ),
  };
}
