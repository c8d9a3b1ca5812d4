import { mkdir } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import type { TrainJob, TrainResult } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { loopOf } from '#contract/methods/method-registry.ts';
import { openRecordList, type RecordList } from '#main/data/feeding/record-list.ts';
import { type JobContext, JobStopped } from '../job.ts';
import { openEpochProgress } from './epoch-progress.ts';
import { measureEpoch } from './measure-epoch.ts';
import { openTraining } from './training.ts';
import { stepsBetweenReadings } from './unread-steps.ts';

/**
 * Trains by the method that the run names: from scratch, from another model's weights, or on from a checkpoint of its
 * own. Writes a checkpoint at the end of each epoch, within one after `checkpointMinutes`, and when it is asked to
 * stop; the same job with the same backend gives the same bits, resumed or not.
 * @throws JobStopped once stopped, WorkbenchError `bad-input` where a batch cannot be filled or the loss overflows
 */
export async function runTrainJob(job: TrainJob, context: JobContext): Promise<TrainResult> {
  const startedMs = performance.now();
  await mkdir(job.outputFolder, { recursive: true });
  const { records, close } = openRecords(job);
  const training = await openTraining(job, records, context).catch((error: unknown) => {
    close();
    throw error;
  });
  const { stepsPerEpoch, totalSteps } = training;
  let step = job.resume?.step ?? 0;
  let weightsSha256 = '';
  let loss: number | null = null;
  const epoch = await openEpochProgress(job.resume?.folder ?? null);
  let checkpointedMs = startedMs;
  const checkpoint = async () => {
    const sha256 = await training.checkpoint(step, epoch);
    checkpointedMs = performance.now();
    return sha256;
  };
  const isDue = () =>
    job.checkpointMinutes !== undefined &&
    performance.now() - checkpointedMs >= job.checkpointMinutes * 60_000;
  const wait = createWaitMeter();
  const readEvery = job.readEvery ?? stepsBetweenReadings();
  let unread = 0;
  /** Says what the steps since the last reading gave, and of the last, where an epoch ends with it, the epoch's figures. */
  const read = async () => {
    unread = 0;
    for (const taken of await training.readSteps()) {
      ({ loss } = taken);
      wait.add(taken.waitedMs);
      epoch.add(loss);
      const endsEpoch = taken.step % stepsPerEpoch === 0;
      const points = [
        { step: taken.step, name: 'loss', value: loss },
        { step: taken.step, name: 'learning_rate', value: taken.learningRate },
        ...(taken.logitScale === null
          ? []
          : [{ step: taken.step, name: 'logit_scale', value: taken.logitScale }]),
        ...(endsEpoch
          ? [...epoch.end(taken.step), { step: taken.step, name: 'data_wait_share', value: wait.end() }]
          : []),
      ];
      context.emit({ type: 'metrics', step: taken.step, points });
      context.emit({ type: 'progress', phase: 'training', done: taken.step, total: totalSteps });
    }
  };
  try {
    while (step < totalSteps) {
      if (context.stopRequested()) {
        await read();
        await checkpoint();
        throw new JobStopped(step);
      }
      await training.takeStep(step);
      step += 1;
      unread += 1;
      const endsEpoch = step % stepsPerEpoch === 0;
      const due = !endsEpoch && isDue();
      if (endsEpoch || due || unread >= readEvery) await read();
      if (due) await checkpoint();
      if (!endsEpoch) continue;
      if (step === totalSteps) await training.finish(step);
      weightsSha256 = await checkpoint();
      await measureEpoch(job, context, step);
      wait.begin();
    }
    if (weightsSha256 === '') {
      // Nothing was left to do, or the method takes no steps at all.
      if (job.resume === null) await training.finish(step);
      weightsSha256 = await checkpoint();
    }
  } finally {
    await training.dispose();
    close();
  }
  return {
    spec: training.spec,
    finalLoss: loss,
    seconds: (performance.now() - startedMs) / 1000,
    weightsSha256,
    resumedFromStep: job.resume?.step ?? null,
  };
}

/** The part of an epoch's time, or of what a resumed run did of it, in which steps waited for their batches, in [0, 1]. */
function createWaitMeter() {
  let begunMs = performance.now();
  let waitedMs = 0;
  return {
    begin() {
      begunMs = performance.now();
      waitedMs = 0;
    },
    add(ms: number) {
      waitedMs += ms;
    },
    end(): number {
      return Math.min(1, waitedMs / Math.max(1e-6, performance.now() - begunMs));
    },
  };
}

function openRecords(job: TrainJob): RecordList {
  const { batchSize } = loopOf(job.config.settings);
  const list = openRecordList(job.recordsFile);
  const { length } = list.records;
  if (length >= batchSize) return list;
  list.close();
  throw new WorkbenchError(
    'bad-input',
    `${length} training records do not fill one batch of ${batchSize}: choose a smaller --batch-size or more data.`,
    { records: length, batchSize },
  );
}
