import path from 'node:path';
import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import type { EngineRecord, TrainJob, TrainResult } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { TrainingConfig } from '#contract/run.ts';
import { learningRateAt } from '#core/training/schedule.ts';
import { openPictureStore } from '#main/data/picture-store.ts';
import { readRecordsFile } from '#main/data/records-file.ts';
import { compileStep } from '../compiled-step.ts';
import { type JobContext, JobStopped } from '../job.ts';
import { createTextEncoder } from '../text-encoder.ts';
import { type Batch, createBatchSource } from './batches.ts';
import { measureEpoch } from './measure-epoch.ts';
import { prepareStart, type Start } from './prepare-start.ts';
import { saveTrainingState } from './saved-state.ts';
import { disposeState } from './training-state.ts';
import {
  createCleanclipObjective,
  createMmclObjective,
  createStep,
  createSupervisedObjective,
  type Objective,
  runStep,
} from './training-step.ts';

/** Pictures are kept decoded up to this much memory. */
const pictureMemoryBytes = 2 * 1024 ** 3;

/**
 * Trains: from scratch, from another run's weights, or on from a checkpoint of its own. Writes a checkpoint at the end
 * of each epoch and when it is asked to stop; the same job with the same backend gives the same bits, resumed or not.
 * @throws JobStopped once stopped, WorkbenchError `bad-input` where a batch cannot be filled or the loss overflows
 */
export async function runTrainJob(job: TrainJob, context: JobContext): Promise<TrainResult> {
  const { config, classes } = job;
  const startedMs = performance.now();
  const records = await collectRecords(job);
  const { spec, state: startState, frozen } = await prepareStart(job, records);
  const { clip } = spec;
  const pictures = await openPictureStore({
    records,
    attack: job.attack,
    furtherAttacks: job.furtherAttacks,
    resolution: clip.image.resolution,
    memoryBudgetBytes: pictureMemoryBytes,
  });
  const batches = createBatchSource({
    config,
    records,
    readPictures: (indices) => pictures.read(indices),
    resolution: clip.image.resolution,
    contextLength: clip.text.contextLength,
    encode: createTextEncoder(spec),
    classes,
  });
  const { stepsPerEpoch } = batches;
  const totalSteps = config.epochs * stepsPerEpoch;
  const schedule = {
    base: config.learningRate,
    warmupSteps: config.warmupSteps,
    totalSteps,
    schedule: config.schedule,
  };
  let state = startState;
  const compiled = compileStep(createStep(createObjective(spec, config), state), {
    name: `train ${config.kind}`,
  });
  const checkpoint = (step: number) =>
    writeRunCheckpoint(job, context, { spec, state, frozen }, step, stepsPerEpoch);

  let step = job.resume?.step ?? 0;
  let weightsSha256 = '';
  let loss: number | null = null;
  let epoch = startEpoch();
  let prepared: Promise<Batch> | null = null;
  try {
    while (step < totalSteps) {
      if (context.stopRequested()) {
        await checkpoint(step);
        throw new JobStopped(step);
      }
      const batch: Batch = await (prepared ?? batches.prepare(step));
      const learningRate = learningRateAt(schedule, step);
      const running = runStep(compiled, state, batch, {
        step,
        learningRate,
        weightDecay: config.weightDecay,
      });
      // The next batch is made while TensorFlow computes on its own threads.
      prepared = step + 1 < totalSteps ? batches.prepare(step + 1) : null;
      prepared?.catch(() => {});
      ({ state, loss } = await running);
      tf.dispose([batch.pixels, batch.targets]);
      step += 1;
      checkLoss(loss, step, config);
      epoch.losses.push(loss);
      const logitScale = state.parameters.logit_scale;
      const points = [
        { step, name: 'loss', value: loss },
        { step, name: 'learning_rate', value: learningRate },
        ...(logitScale ? [{ step, name: 'logit_scale', value: (await logitScale.data())[0]! }] : []),
      ];
      if (step % stepsPerEpoch === 0) {
        points.push(...summariseEpoch(epoch, step));
        epoch = startEpoch();
      }
      context.emit({ type: 'metrics', step, points });
      context.emit({ type: 'progress', phase: 'training', done: step, total: totalSteps });
      if (step % stepsPerEpoch === 0) {
        weightsSha256 = await checkpoint(step);
        await measureEpoch(job, context, step);
      }
    }
    if (weightsSha256 === '') weightsSha256 = await checkpoint(step);
  } finally {
    const unused = await prepared?.catch(() => null);
    if (unused) tf.dispose([unused.pixels, unused.targets]);
    disposeState(state);
    tf.dispose(frozen);
    compiled.dispose();
  }
  return {
    spec,
    finalLoss: loss,
    seconds: (performance.now() - startedMs) / 1000,
    weightsSha256,
    resumedFromStep: job.resume?.step ?? null,
  };
}

async function collectRecords(job: TrainJob): Promise<EngineRecord[]> {
  const records: EngineRecord[] = [];
  for await (const record of readRecordsFile(job.recordsFile)) records.push(record);
  if (records.length >= job.config.batchSize) return records;
  throw new WorkbenchError(
    'bad-input',
    `${records.length} training records do not fill one batch of ${job.config.batchSize}: choose a smaller --batch-size or more data.`,
    { records: records.length, batchSize: job.config.batchSize },
  );
}

function createObjective(spec: ModelSpec, config: TrainingConfig): Objective {
  if (config.kind === 'supervised') return createSupervisedObjective(spec);
  return config.lambda > 0 ? createCleanclipObjective(spec, config.lambda) : createMmclObjective(spec);
}

function checkLoss(loss: number, step: number, config: TrainingConfig): void {
  if (Number.isFinite(loss)) return;
  throw new WorkbenchError(
    'bad-input',
    `The loss became ${loss} at step ${step}: try a smaller --learning-rate than ${config.learningRate} or more --warmup-steps.`,
    { step, learningRate: config.learningRate },
  );
}

interface EpochSoFar {
  startedMs: number;
  losses: number[];
}

function startEpoch(): EpochSoFar {
  return { startedMs: performance.now(), losses: [] };
}

function summariseEpoch({ startedMs, losses }: EpochSoFar, step: number) {
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  return [
    { step, name: 'epoch_loss', value: mean },
    { step, name: 'epoch_seconds', value: (performance.now() - startedMs) / 1000 },
  ];
}

async function writeRunCheckpoint(
  job: TrainJob,
  context: JobContext,
  { spec, state, frozen }: Start,
  step: number,
  stepsPerEpoch: number,
): Promise<string> {
  const folder = path.join(job.outputFolder, `step-${step}`);
  const weightsSha256 = await saveTrainingState(folder, spec, state, frozen);
  const epoch = Math.floor(step / stepsPerEpoch);
  context.emit({ type: 'checkpoint', step, epoch, folder, weightsSha256 });
  return weightsSha256;
}
