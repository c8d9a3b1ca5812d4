import { mkdir } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import type { EngineRecord, TrainJob, TrainResult } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { loopOf } from '#contract/methods/method-registry.ts';
import { readRecordsFile } from '#main/data/records-file.ts';
import { type JobContext, JobStopped } from '../job.ts';
import { openEpochProgress } from './epoch-progress.ts';
import { measureEpoch } from './measure-epoch.ts';
import { openTraining } from './training.ts';

/**
 * Trains by the method that the run names: from scratch, from another model's weights, or on from a checkpoint of its
 * own. Writes a checkpoint at the end of each epoch and when it is asked to stop; the same job with the same backend
 * gives the same bits, resumed or not.
 * @throws JobStopped once stopped, WorkbenchError `bad-input` where a batch cannot be filled or the loss overflows
 */
export async function runTrainJob(job: TrainJob, context: JobContext): Promise<TrainResult> {
  const startedMs = performance.now();
  await mkdir(job.outputFolder, { recursive: true });
  const training = await openTraining(job, await collectRecords(job), context);
  const { stepsPerEpoch, totalSteps } = training;
  let step = job.resume?.step ?? 0;
  let weightsSha256 = '';
  let loss: number | null = null;
  const epoch = await openEpochProgress(job.resume?.folder ?? null);
  const checkpoint = () => training.checkpoint(step, epoch);
  try {
    while (step < totalSteps) {
      if (context.stopRequested()) {
        await checkpoint();
        throw new JobStopped(step);
      }
      const taken = await training.takeStep(step);
      ({ loss } = taken);
      step += 1;
      epoch.add(loss);
      const endsEpoch = step % stepsPerEpoch === 0;
      const points = [
        { step, name: 'loss', value: loss },
        { step, name: 'learning_rate', value: taken.learningRate },
        ...(taken.logitScale === null ? [] : [{ step, name: 'logit_scale', value: taken.logitScale }]),
        ...(endsEpoch ? epoch.end(step) : []),
      ];
      context.emit({ type: 'metrics', step, points });
      context.emit({ type: 'progress', phase: 'training', done: step, total: totalSteps });
      if (!endsEpoch) continue;
      if (step === totalSteps) await training.finish(step);
      weightsSha256 = await checkpoint();
      await measureEpoch(job, context, step);
    }
    if (weightsSha256 === '') {
      // Nothing was left to do, or the method takes no steps at all.
      if (job.resume === null) await training.finish(step);
      weightsSha256 = await checkpoint();
    }
  } finally {
    await training.dispose();
  }
  return {
    spec: training.spec,
    finalLoss: loss,
    seconds: (performance.now() - startedMs) / 1000,
    weightsSha256,
    resumedFromStep: job.resume?.step ?? null,
  };
}

async function collectRecords(job: TrainJob): Promise<EngineRecord[]> {
  const { batchSize } = loopOf(job.config.settings);
  const records: EngineRecord[] = [];
  for await (const record of readRecordsFile(job.recordsFile)) records.push(record);
  if (records.length >= batchSize) return records;
  throw new WorkbenchError(
    'bad-input',
    `${records.length} training records do not fill one batch of ${batchSize}: choose a smaller --batch-size or more data.`,
    { records: records.length, batchSize },
  );
}
