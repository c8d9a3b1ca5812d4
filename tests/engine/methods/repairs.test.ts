import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { EngineRecord, TrainJob, TrainResult } from '#contract/engine.ts';
import { type MethodName, presetFor } from '#contract/methods/method-registry.ts';
import { runConfigSchema } from '#contract/run.ts';
import { writeRecordsFile } from '#main/data/feeding/records-file.ts';
import { useBackend } from '#main/engine/backend.ts';
import { checkpointFiles } from '#main/engine/checkpoints/checkpoint-folder.ts';
import { readSafetensors } from '#main/engine/checkpoints/safetensors.ts';
import { readAllRecords } from '#main/engine/evaluation/labelled-records.ts';
import { type JobContext, type JobEvent, JobStopped } from '#main/engine/job.ts';
import { currentTensorflow } from '#main/engine/tensorflow/kernel-backend.ts';
import { runTrainJob } from '#main/engine/training/train-job.ts';
import { type SmallSettings, smallJob, writeSmallPairs } from '../training/small-pairs.ts';

let data: Awaited<ReturnType<typeof writeSmallPairs>>;
let start: string;
let poisonedFile: string;
beforeAll(async () => {
  await useBackend('tensorflow');
  data = await writeSmallPairs(70);
  start = path.join(data.folder, 'start', 'step-8');
  await runTrainJob(smallJob(data, 'mmcl', 'start'), listen());
  // Every seventh pair is poisoned.
  const records = await readAllRecords(data.recordsFile);
  poisonedFile = path.join(mkdtempSync(path.join(tmpdir(), 'poisoned-')), 'records.jsonl');
  const changed = records.map(
    (record, place): EngineRecord =>
      place % 7 === 0 ? { ...record, poisoned: true, caption: 'a red square' } : record,
  );
  await writeRecordsFile(poisonedFile, changed);
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

const patch: TrainJob['attacks'][number] = {
  trigger: {
    kind: 'patch',
    size: 8,
    pattern: ['01', '10'],
    place: { kind: 'corner', corner: 'bottom-right', margin: 1 },
  },
  resolution: 32,
  target: 'red',
  seed: 0,
};

/** A job of four batches of 16 an epoch that goes on from the small model, with the method's own preset changed. */
function jobOf(
  method: MethodName,
  output: string,
  settings: SmallSettings,
  more: Partial<TrainJob> = {},
): TrainJob {
  const job = smallJob(data, 'mmcl', output, { start });
  const preset = presetFor(method, 'model').settings;
  const warmup = 'warmupSteps' in preset ? { warmupSteps: 2 } : {};
  const config = runConfigSchema.parse({
    ...job.config,
    method,
    settings: { ...preset, epochs: 2, batchSize: 16, ...warmup, ...settings },
  });
  return { ...job, config, ...more };
}

const through = new Map<string, Promise<TrainResult & { events: JobEvent[] }>>();

/** The run that goes through, of a method with its settings; made by whichever test is the first to ask for it. */
function runThrough(method: MethodName, settings: SmallSettings, more: Partial<TrainJob> = {}) {
  const output = outputOf(method, settings);
  const run = async () => {
    const said = listen();
    const result = await runTrainJob(jobOf(method, output, settings, more), said);
    return { ...result, events: said.events };
  };
  const known = through.get(output) ?? run();
  through.set(output, known);
  return known;
}

const outputOf = (method: MethodName, settings: SmallSettings) =>
  `through-${method}-${Object.entries(settings).flat().join('-')}`;

const withPoison = () => ({
  recordsFile: poisonedFile,
  attacks: [patch],
});

const pruning = { layers: 1, prunedFraction: 0.5 };
const closing = { epochs: 3, pairEpochs: 2, imageAugmentation: 'shift' };

const cases: [MethodName, number, SmallSettings, (() => Partial<TrainJob>)?][] = [
  ['par', 5, {}],
  ['roclip', 6, { epochs: 3, poolSize: 40, every: 2 }],
  ['safeclip', 14, { epochs: 5, warmupEpochs: 1, poolSize: 40 }],
  ['safeclip', 2, { epochs: 3, warmupEpochs: 1, poolSize: 40 }],
  ['progressive', 10, { epochs: 4, firstEpoch: 1, removeFraction: 0.2 }],
  ['abl', 9, { epochs: 4, isolationEpochs: 1, isolatedFraction: 0.1, unlearnEpochs: 2 }],
  ['unlearn', 5, {}, withPoison],
  ['fine-pruning', 5, pruning],
  ['cleanclip', 5, { mix: 0.3 }],
  ['cleanclip', 6, closing],
  ['shrink-perturb', 5, {}],
  ['heavy-decay', 5, {}],
];

test.each(cases)(
  '%s stopped at step %i and resumed ends with the bits of the run that went through (%j)',
  async (method, stopAt, settings, more) => {
    const name = `${method}-${stopAt}`;
    const before = currentTensorflow()!.binding.getNumOfTensors();
    const whole = await runThrough(method, settings, more?.());
    expect(currentTensorflow()!.binding.getNumOfTensors()).toBe(before);
    expect(whole.finalLoss).toSatisfy(Number.isFinite);
    const said = listen(stopAt);
    const job = jobOf(method, name, settings, more?.());
    await expect(runTrainJob(job, said)).rejects.toEqual(new JobStopped(stopAt));
    const last = said.events.findLast((event) => event.type === 'checkpoint')!;
    const resumed = await runTrainJob({ ...job, resume: { folder: last.folder, step: stopAt } }, listen());
    expect(resumed.weightsSha256).toBe(whole.weightsSha256);
  },
);

const weightsOf = (output: string, step: number) =>
  readSafetensors(path.join(data.folder, output, `step-${step}`, 'weights.safetensors'));
const numbers = (tensors: ReturnType<typeof readSafetensors>, name: string) =>
  tensors.get(name)!.data as Float32Array;

describe('what a method does to weights', () => {
  test('WiSE-FT is the mix of MMCL finetuning and its start', async () => {
    await runTrainJob(jobOf('mmcl', 'tuned', { imageAugmentation: 'none' }), listen());
    await runTrainJob(jobOf('wise-ft', 'mixed', { mix: 0.25, imageAugmentation: 'none' }), listen());
    const first = readSafetensors(path.join(start, 'weights.safetensors'));
    const [tuned, mixed] = [weightsOf('tuned', 8), weightsOf('mixed', 8)];
    for (const name of ['visual.conv1.weight', 'visual.bn1.running_var', 'text_projection', 'logit_scale']) {
      const wanted = numbers(tuned, name).map((value, at) => 0.25 * value + 0.75 * numbers(first, name)[at]!);
      for (const [at, value] of numbers(mixed, name).entries()) expect(value).toBeCloseTo(wanted[at]!, 5);
    }
  });

  test("CleanCLIP's last epochs on pairs are those of MMCL", async () => {
    const { events } = await runThrough('cleanclip', closing);
    const output = outputOf('cleanclip', closing);
    const before = events.find((event) => event.type === 'checkpoint' && event.step === 4);
    expect(before).toMatchObject({ folder: path.join(data.folder, output, 'step-4') });
    const { pairEpochs: _, ...settings } = closing;
    // The checkpoint without CleanCLIP's plan of its epoch, which MMCL does not have.
    const folder = path.join(data.folder, 'closing-4');
    cpSync(path.join(data.folder, output, 'step-4'), folder, {
      recursive: true,
      filter: (source) => path.basename(source) !== checkpointFiles.methodPlan,
    });
    const resume = { folder, step: 4 };
    await runTrainJob({ ...jobOf('mmcl', 'plain', settings), resume }, listen());
    const [closed, plain] = [weightsOf(output, 12), weightsOf('plain', 12)];
    expect([...closed.keys()]).toEqual([...plain.keys()]);
    for (const name of closed.keys()) expect(numbers(closed, name)).toEqual(numbers(plain, name));
  });

  test('shrink and perturb without steps of any size is the start, shrunk, with noise of that size', async () => {
    const settings = { learningRate: 1e-12, weightDecay: 0, shrink: 0.5, noise: 0.01 };
    await runTrainJob(jobOf('shrink-perturb', 'shrunk', settings), listen());
    const first = readSafetensors(path.join(start, 'weights.safetensors'));
    const shrunk = weightsOf('shrunk', 8);
    const noise = numbers(shrunk, 'text_projection').map(
      (value, at) => value - 0.5 * numbers(first, 'text_projection')[at]!,
    );
    const deviation = Math.sqrt(noise.reduce((sum, value) => sum + value ** 2, 0) / noise.length);
    expect(deviation).toBeGreaterThan(0.0095);
    expect(deviation).toBeLessThan(0.0105);
    expect(numbers(shrunk, 'logit_scale')[0]).toBeCloseTo(numbers(first, 'logit_scale')[0]!, 5);
  });

  test('fine-pruning leaves the weights that read a half of the last units at 0', async () => {
    await runThrough('fine-pruning', pruning);
    const pruned = weightsOf(outputOf('fine-pruning', pruning), 8);
    // [1, 1, in, out]: rows of inputs.
    const { data: values, shape } = pruned.get('visual.layer3.0.conv3.weight')!;
    const [inputs = 0, outputs = 0] = shape.length === 4 ? [shape[1], shape[0]] : [];
    const cold = Array.from({ length: inputs }, (_, unit) =>
      Array.from({ length: outputs }, (_, out) => values[out * inputs + unit]).every((value) => value === 0),
    );
    expect(cold.filter(Boolean).length).toBe(Math.floor(inputs / 2));
    const others = pruned.get('visual.layer2.0.conv3.weight')!.data;
    expect([...others].filter((value) => Number(value) === 0).length).toBeLessThan(others.length / 100);
  });

  test('PAR leaves the logit scale and moves away from where it began', async () => {
    await runThrough('par', {});
    const first = readSafetensors(path.join(start, 'weights.safetensors'));
    const after = weightsOf(outputOf('par', {}), 8);
    expect(numbers(after, 'logit_scale')).toEqual(numbers(first, 'logit_scale'));
    expect(numbers(after, 'text_projection')).not.toEqual(numbers(first, 'text_projection'));
  });
});

test('unlearning without known poison is refused', async () => {
  await expect(runTrainJob(jobOf('unlearn', 'nothing', {}), listen())).rejects.toMatchObject({
    kind: 'bad-input',
    message: expect.stringContaining('nothing to unlearn'),
  });
});

test('PAR from scratch is refused', async () => {
  const job = { ...jobOf('par', 'scratch', {}), start: null };
  const config = { ...job.config, start: { kind: 'scratch', architecture: 'demo' } as const };
  await expect(runTrainJob({ ...job, config }, listen())).rejects.toMatchObject({ kind: 'bad-input' });
});
