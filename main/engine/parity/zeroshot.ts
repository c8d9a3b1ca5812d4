import path from 'node:path';
import { z } from 'zod';
import type { ParityCheck } from '#contract/engine.ts';
import { scoreClasses } from '#core/statistics/class-scores.ts';
import { summariseEvaluation } from '#core/statistics/summarise.ts';
import { classEmbeddings } from '#core/statistics/zero-shot.ts';
import { rowsOf } from '../evaluation/rankings.ts';
import { judge, largestDifference } from './compare.ts';
import { openFixture, parseFixture } from './fixture.ts';
import type { ParityPart } from './part.ts';

const shareTolerance = 1e-6;

const count = z.number().int().min(0);
const expectedSchema = z.object({
  target: count,
  images: count.min(1),
  top_hits: z.record(z.string().regex(/^[1-9]\d*$/), count).refine((hits) => Object.keys(hits).length > 0),
  topk: z.record(z.string(), z.number()),
  attack_hits: count,
  attack_images: count,
  clean_accuracy: z.number(),
  attack_success_rate: z.number(),
  per_class: z
    .array(
      z.object({
        cls: count,
        count,
        hits: count,
        attack_hits: count.nullable(),
        accuracy: z.number(),
        attack_success: z.number().nullable(),
      }),
    )
    .min(1),
  confusion_clean: z.array(z.array(count)).min(1),
  confusion_triggered: z.array(z.array(count)).min(1),
});
type Expected = z.infer<typeof expectedSchema>;

/** What stands for null where numbers are compared: no count or share is negative. */
const nothing = -1;

/** Zero-shot prediction with several prompts a class, CA, ASR and top-k, overall and per class. */
export const zeroshotPart: ParityPart = {
  name: 'zeroshot',
  files: ['zeroshot.json', 'zeroshot.safetensors'],
  check: checkZeroshot,
};

async function checkZeroshot(folder: string): Promise<ParityCheck[]> {
  const expected = await parseFixture(path.join(folder, 'zeroshot.json'), expectedSchema);
  const found = predict(path.join(folder, 'zeroshot.safetensors'), expected);
  const { labels, clean, triggered, result } = found;
  const classes = result.perClass.length;
  const tops = Object.keys(expected.top_hits);
  const topHits = tops.map((top) => countHits(labels, clean, Number(top)));
  const counts = (name: string, values: number[], wanted: number[]) =>
    judge(`zeroshot/${name}`, largestDifference(values, wanted), 0);
  const shares = (name: string, values: number[], wanted: number[]) =>
    judge(`zeroshot/${name}`, largestDifference(values, wanted), shareTolerance);
  return [
    counts('images', [labels.length], [expected.images]),
    counts('top-hits', topHits, Object.values(expected.top_hits)),
    shares(
      'top-shares',
      [...topHits.map((hits) => hits / labels.length), result.ca.value],
      [...tops.map((top) => expected.topk[top] ?? Number.NaN), expected.clean_accuracy],
    ),
    counts(
      'attack-hits',
      [result.asr?.hits ?? nothing, result.asr?.count ?? nothing],
      [expected.attack_hits, expected.attack_images],
    ),
    shares('attack-share', [result.asr?.value ?? nothing], [expected.attack_success_rate]),
    counts(
      'per-class-hits',
      result.perClass.flatMap((one, cls) => [
        cls,
        one.count,
        one.accuracy.hits,
        one.attackSuccess?.hits ?? nothing,
      ]),
      expected.per_class.flatMap((one) => [one.cls, one.count, one.hits, one.attack_hits ?? nothing]),
    ),
    shares(
      'per-class-shares',
      result.perClass.flatMap((one) => [one.accuracy.value, one.attackSuccess?.value ?? nothing]),
      expected.per_class.flatMap((one) => [one.accuracy, one.attack_success ?? nothing]),
    ),
    counts('confusion-clean', confuse(labels, clean, classes), expected.confusion_clean.flat()),
    counts('confusion-triggered', confuse(labels, triggered, classes), expected.confusion_triggered.flat()),
  ];
}

function predict(file: string, expected: Expected) {
  const tensors = openFixture(file);
  const prompts = tensors.floats('prompt_embeds');
  const labels = [...tensors.integers('labels').data];
  const [classes = 0, promptsEach = 0, dim = 0] = prompts.shape;
  const rows = classEmbeddings(prompts.data, classes, promptsEach, dim);
  const top = Math.max(...Object.keys(expected.top_hits).map(Number));
  const rank = (name: string) =>
    rowsOf(tensors.floats(name).data, dim).map((own) => scoreClasses(own, rows, 1, top).order);
  const clean = rank('image_embeds');
  const triggered = rank('triggered_image_embeds');
  const names = Array.from({ length: classes }, (_, cls) => String(cls));
  const result = summariseEvaluation({
    classes: names,
    labels,
    target: String(expected.target),
    clean,
    triggered,
    probabilities: null,
    recordIds: labels.map((_, image) => image),
  });
  return { labels, clean, triggered, result };
}

function countHits(labels: readonly number[], ranked: readonly number[][], top: number): number {
  return labels.filter((label, image) => ranked[image]!.slice(0, top).includes(label)).length;
}

/** How often each class was taken for each, row-major [true, predicted]. */
function confuse(labels: readonly number[], ranked: readonly number[][], classes: number): number[] {
  const table = new Array<number>(classes * classes).fill(0);
  for (const [image, best] of ranked.entries()) table[labels[image]! * classes + best[0]!]! += 1;
  return table;
}
