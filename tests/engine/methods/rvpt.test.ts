import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { ModelSpec } from '#contract/clip-config.ts';
import type { TrainJob } from '#contract/engine.ts';
import { methods } from '#contract/methods/method-registry.ts';
import { runConfigSchema } from '#contract/run.ts';
import { collectVocabulary } from '#core/tokenizer/small-vocabulary.ts';
import { loadTokenizer } from '#main/data/words/clip-merges.ts';
import { useBackend } from '#main/engine/backend.ts';
import {
  checkpointFiles,
  readModelSpec,
  writeCheckpoint,
} from '#main/engine/checkpoints/checkpoint-folder.ts';
import { runExportModelJob } from '#main/engine/checkpoints/export/export-model-job.ts';
import { readSafetensors } from '#main/engine/checkpoints/safetensors.ts';
import { saveWeights } from '#main/engine/checkpoints/weights.ts';
import { initialise } from '#main/engine/clip/initialise.ts';
import { runEvaluateJob } from '#main/engine/evaluation/evaluate-job.ts';
import { readAllRecords } from '#main/engine/evaluation/labelled-records.ts';
import { type JobContext, type JobEvent, JobStopped } from '#main/engine/job.ts';
import { runTrainJob } from '#main/engine/training/train-job.ts';
import { smallJob, writeSmallPairs } from '../training/small-pairs.ts';

let data: Awaited<ReturnType<typeof writeSmallPairs>>;
/** A tiny ViT of three blocks that knows the words of the small pairs. */
let start: string;
beforeAll(async () => {
  await useBackend('tensorflow');
  data = await writeSmallPairs(32);
  start = path.join(data.folder, 'vit');
  const captions = (await readAllRecords(data.recordsFile)).map(({ caption }) => caption);
  const vocabulary = collectVocabulary(loadTokenizer(), captions);
  const tower = { width: 64, heads: 1, layers: 2 };
  const spec: ModelSpec = {
    architecture: 'ViT/8, 3 layers of 64',
    clip: {
      embedDim: 32,
      image: { kind: 'vit', resolution: 32, patchSize: 8, ...tower, layers: 3 },
      text: { contextLength: 16, vocabularySize: vocabulary.length, ...tower },
    },
    vocabulary,
    headClasses: null,
  };
  const weights = initialise(spec, 0);
  await writeCheckpoint(start, spec, async (folder) =>
    saveWeights(path.join(folder, checkpointFiles.weights), weights),
  );
  tf.dispose([weights.parameters, weights.statistics]);
});

function listen(stopAt = Number.POSITIVE_INFINITY): JobContext & { events: JobEvent[] } {
  const events: JobEvent[] = [];
  let step = 0;
  return {
    events,
    emit: (event) => {
      events.push(event);
      if (event.type === 'metrics') step = event.step;
    },
    stopRequested: () => step >= stopAt,
  };
}

function rvptJob(output: string, from = start): TrainJob {
  const job = smallJob(data, 'mmcl', output, { start: from });
  const settings = {
    epochs: 3,
    batchSize: 8,
    learningRate: 0.5,
    shots: 8,
    prompts: 3,
    firstLayer: 1,
    weight: 2,
  };
  return {
    ...job,
    config: runConfigSchema.parse({ ...job.config, method: 'rvpt', settings }),
    promptTexts: data.classes.map((name) => `a ${name} square`),
  };
}

const lossesOf = (events: JobEvent[]) =>
  events
    .flatMap((event) => (event.type === 'metrics' ? event.points : []))
    .filter(({ name }) => name === 'loss');

test('only the new tokens are trained, and a stopped run ends with the same bits', async () => {
  const said = listen();
  const through = await runTrainJob(rvptJob('through'), said);
  const stopped = listen(5);
  await expect(runTrainJob(rvptJob('stopped'), stopped)).rejects.toEqual(new JobStopped(5));
  const { folder } = stopped.events.findLast((event) => event.type === 'checkpoint')!;
  const resumed = await runTrainJob({ ...rvptJob('stopped'), resume: { folder, step: 5 } }, listen());
  expect(resumed.weightsSha256).toBe(through.weightsSha256);

  const losses = lossesOf(said.events).map(({ value }) => value);
  expect(losses.length).toBe(12);
  // Without a prompt each cosine is 1, so the repulsion begins near 2, its most.
  expect(losses.at(-1)!).toBeLessThan(losses[0]!);

  const before = readSafetensors(path.join(start, 'weights.safetensors'));
  const after = readSafetensors(path.join(data.folder, 'through', 'step-12', 'weights.safetensors'));
  for (const [name, { data: values }] of before) expect(after.get(name)!.data, name).toEqual(values);
  const added = [...after.keys()].filter((name) => !before.has(name)).sort();
  expect(added).toEqual(['visual.prompts.1', 'visual.prompts.2']);
  for (const name of added) expect(after.get(name)!.shape).toEqual([3, 64]);
});

test('a model with learned tokens is measured, exported in our own format alone, and gets no second set', async () => {
  const model = path.join(data.folder, 'through', 'step-12');
  const { evaluation } = await runEvaluateJob(
    {
      kind: 'evaluate',
      model,
      recordsFile: data.recordsFile,
      attack: null,
      classes: data.classes,
      prompts: ['a {} square'],
      batchSize: 16,
      embeddingsFile: null,
    },
    listen(),
  );
  expect(evaluation.ca.count).toBe(32);
  const exported = (format: 'hf' | 'open_clip') =>
    runExportModelJob({
      kind: 'export-model',
      model,
      format,
      out: path.join(data.folder, format),
      name: 'm',
    });
  await expect(exported('hf')).rejects.toMatchObject({ kind: 'bad-input' });
  await expect(exported('open_clip')).rejects.toThrow(/learned tokens/);
  await expect(runTrainJob(rvptJob('twice', model), listen())).rejects.toThrow(/learned tokens already/);
});

test('a first block that the tower lacks, and a tower without blocks, are refused', async () => {
  const { clip } = await readModelSpec(start);
  const { presets, reshape } = methods.rvpt;
  const settings = { ...presets[0].settings, firstLayer: 12 };
  expect(() => reshape?.(clip, settings)).toThrow(/--first-layer/);
});
