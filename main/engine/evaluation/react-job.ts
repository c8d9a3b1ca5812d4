import type { PictureView, ReactJob, ReactReport } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { type ClassScores, cosine, scoreByHead, scoreClasses } from '#core/statistics/class-scores.ts';
import { openPictureStore } from '#main/data/feeding/picture-store.ts';
import { keptPredictions } from './class-rows.ts';
import { type LiveModel, openLiveModel } from './live-model.ts';

/**
 * What a model makes of pictures without and with a trigger: its first five classes and how near the target is, by the
 * same towers, prompts and ranking as an evaluation.
 * @throws WorkbenchError `bad-input` where the trigger does not fit, or a linear head is asked for a class that it
 *   does not know; `corrupt-file` for a picture
 */
export async function runReactJob(job: ReactJob): Promise<ReactReport> {
  const { records, attack, classes } = job;
  const begun = performance.now();
  const { model, loaded } = await openLiveModel(job);
  const ready = performance.now();
  const side = model.spec.clip.image.resolution;
  const store = openPictureStore({ records, attacks: [attack], resolution: side });
  const both = await store.readBoth(Uint32Array.from(records.keys())).finally(() => store.close());
  const decoded = performance.now();
  const target = classes.indexOf(attack.target);
  const text = target >= 0 ? null : await embedTarget(model, attack.target);
  const pixels = new Uint8Array(both.clean.length * 2);
  pixels.set(both.clean);
  pixels.set(both.triggered ?? both.clean, both.clean.length);
  const views = await viewPictures(model, pixels, (scores, embedding) => ({
    top: scores.order.slice(0, keptPredictions).map((number) => ({
      class: classes[number] ?? '',
      similarity: scores.similarities?.[number] ?? null,
      probability: scores.probabilities[number] ?? 0,
    })),
    target:
      text === null
        ? {
            similarity: scores.similarities?.[target] ?? null,
            probability: scores.probabilities[target] ?? null,
            rank: scores.order.indexOf(target) + 1,
          }
        : { similarity: embedding === null ? null : cosine(embedding, text), probability: null, rank: null },
  }));
  return {
    targetIsClass: target >= 0,
    rows: records.map(({ recordId }, row) => ({
      recordId,
      before: views[row] as PictureView,
      after: views[records.length + row] as PictureView,
    })),
    ms: {
      load: loaded ? ready - begun : 0,
      pictures: decoded - ready,
      model: performance.now() - decoded,
    },
  };
}

/** Calls `view` with the scores of each picture and, without a linear head, its raw embedding. */
async function viewPictures(
  { spec, embedder, head, classRows, logitScale }: LiveModel,
  raw: Uint8Array,
  view: (scores: ClassScores, embedding: Float32Array | null) => PictureView,
): Promise<PictureView[]> {
  const width = head === null ? spec.clip.embedDim : head.numbers.length;
  const values = await (head === null ? embedder.embedImages(raw) : embedder.scoreImages(raw));
  return Array.from({ length: values.length / width }, (_, row) => {
    const own = values.subarray(row * width, (row + 1) * width);
    return head === null
      ? view(scoreClasses(own, classRows, logitScale), own)
      : view(scoreByHead(own, head.numbers, head.classCount), null);
  });
}

async function embedTarget({ embedder, head, texts }: LiveModel, text: string): Promise<Float32Array> {
  if (head !== null) {
    throw new WorkbenchError(
      'bad-input',
      `This model answers with a linear head and reads no text: choose one of its classes as the target, not "${text}".`,
      { target: text },
    );
  }
  const known = texts.get(text) ?? (await embedder.embedTexts([text]));
  texts.set(text, known);
  return known;
}
