import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#main/engine/backend.ts';
import { runEvaluateJob } from '#main/engine/evaluation/evaluate-job.ts';
import { readImageEmbeddings } from '#main/engine/evaluation/image-embeddings.ts';
import { runRescoreJob } from '#main/engine/evaluation/rescore-job.ts';
import { currentTensorflow } from '#main/engine/tensorflow/kernel-backend.ts';
import { writeSmallPairs } from '../training/small-pairs.ts';
import { collectEvents, jobsFor, trainSmallModel } from './small-jobs.ts';

const prompts = ['a {} square', '{}'];
const others = ['number {}'];

let data: Awaited<ReturnType<typeof writeSmallPairs>>;
let model: string;
beforeAll(async () => {
  await useBackend('tensorflow');
  data = await writeSmallPairs(40);
  model = await trainSmallModel(data, prompts);
});

test('with the same prompts the same predictions, with others those of an evaluation with them', async () => {
  const { evaluate, rescore } = jobsFor(data, model, prompts);
  const first = await runEvaluateJob(evaluate, collectEvents());
  expect(first.embeddingsSha256).toMatch(/^[0-9a-f]{64}$/);
  expect(first.evaluation.asr?.count).toBe(30);
  const before = currentTensorflow()!.binding.getNumOfTensors();
  expect(await runRescoreJob(rescore, collectEvents())).toEqual(first.evaluation);
  const again = await runRescoreJob({ ...rescore, prompts: others }, collectEvents());
  expect(currentTensorflow()!.binding.getNumOfTensors()).toBe(before);
  const whole = await runEvaluateJob({ ...evaluate, prompts: others, embeddingsFile: null }, collectEvents());
  expect(whole.embeddingsSha256).toBeNull();
  expect(again).toEqual(whole.evaluation);
});

test('the file holds one row for each picture and pass', async () => {
  const { evaluate } = jobsFor(data, model, prompts);
  await runEvaluateJob(evaluate, collectEvents());
  const { images, dim, clean, triggered } = readImageEmbeddings(evaluate.embeddingsFile!);
  expect([images, dim, clean.length, triggered?.length]).toEqual([40, 128, 5120, 5120]);
  expect(clean).not.toEqual(triggered);
});

test('a clean evaluation keeps clean embeddings only, which do for no attack', async () => {
  const { evaluate, rescore } = jobsFor(data, model, prompts);
  const { evaluation } = await runEvaluateJob({ ...evaluate, attack: null }, collectEvents());
  expect(await runRescoreJob({ ...rescore, target: null }, collectEvents())).toEqual(evaluation);
  await expect(runRescoreJob(rescore, collectEvents())).rejects.toMatchObject({ kind: 'corrupt-file' });
});

test('says which prompts have words that the small model does not know', async () => {
  const { evaluate, rescore } = jobsFor(data, model, prompts);
  await runEvaluateJob(evaluate, collectEvents());
  const said = collectEvents();
  await runRescoreJob({ ...rescore, prompts: ['{}', 'an exquisite {}'] }, said);
  const texts = said.events.flatMap((event) => (event.type === 'log' ? [event.text] : []));
  expect(texts).toEqual([
    `This model's vocabulary lacks words of 1 of 2 prompts, which it skips: "an exquisite {}".`,
  ]);
});
