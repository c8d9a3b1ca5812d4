import type { ModelSpec } from '#contract/clip-config.ts';
import type { EngineRecord } from '#contract/engine.ts';
import type { PictureStore } from '#main/data/feeding/picture-store.ts';
import { createUnitMeter } from '../clip/unit-meter.ts';
import { createEmbedder, type Embedder } from '../evaluation/embed.ts';
import { type JobContext, JobStopped } from '../job.ts';
import type { MethodTools } from '../methods/training-method.ts';
import type { TextEncoder } from '../text-encoder.ts';
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

/** A measurement of some rows of the records, which knows its place among the results. */
type Measure = (embedder: Embedder, rows: Uint32Array) => Promise<void>;

/** What a method's hooks may use. They stop with JobStopped where the job is asked to: a checkpoint of `step` exists. */
export function createMethodTools(inputs: ToolInputs, context: JobContext): MethodTools {
  const { spec, records, pictures, encode, weights, step, loadStartWeights } = inputs;
  const { embedDim } = spec.clip;
  const goThrough = async (phase: string, count: number, measure: Measure): Promise<void> => {
    const embedder = createEmbedder({ spec, ...weights }, encode);
    try {
      for (let from = 0; from < count; from += embeddedAtOnce) {
        if (context.stopRequested()) throw new JobStopped(step);
        const length = Math.min(embeddedAtOnce, count - from);
        const rows = Uint32Array.from({ length }, (_, row) => from + row);
        await measure(embedder, rows);
        context.emit({ type: 'progress', phase, done: from + length, total: count });
      }
    } finally {
      embedder.dispose();
    }
  };
  const embedTexts = async (texts: readonly string[], phase: string): Promise<Float32Array> => {
    const values = new Float32Array(texts.length * embedDim);
    await goThrough(phase, texts.length, async (embedder, rows) => {
      const some = await embedder.embedTexts(Array.from(rows, (row) => texts[row]!));
      values.set(some, rows[0]! * embedDim);
    });
    return values;
  };
  return {
    records,
    weights,
    loadStartWeights,
    async embedPictures() {
      const values = new Float32Array(records.length * embedDim);
      await goThrough('embedding pictures', records.length, async (embedder, rows) => {
        values.set(await embedder.embedImages(await pictures.read(rows)), rows[0]! * embedDim);
      });
      return values;
    },
    embedCaptions: () =>
      embedTexts(
        records.map(({ caption }) => caption),
        'embedding captions',
      ),
    embedTexts: (texts) => embedTexts(texts, 'embedding prompts'),
    async measureUnits() {
      const meter = createUnitMeter({ spec, ...weights });
      try {
        await goThrough('measuring units', records.length, async (_, rows) =>
          meter.add(await pictures.read(rows)),
        );
        return meter.means();
      } finally {
        meter.dispose();
      }
    },
  };
}
