import path from 'node:path';
import type { TrainJob } from '#contract/engine.ts';
import { runEvaluateJob } from '../evaluation/evaluate-job.ts';
import { type JobContext, JobStopped } from '../job.ts';

/**
 * Measures the checkpoint of `step` where the job asks for it, and tells CA, ASR and the rest as metrics. It changes nothing of
 * the training: the weights are read from the checkpoint.
 * @throws JobStopped with `step` once stopped
 */
export async function measureEpoch(job: TrainJob, context: JobContext, step: number): Promise<void> {
  const { measured, classes, outputFolder } = job;
  if (measured === undefined) return;
  try {
    const model = path.join(outputFolder, `step-${step}`);
    const { evaluation } = await runEvaluateJob(
      { kind: 'evaluate', model, classes, embeddingsFile: null, ...measured },
      context,
    );
    const { ca, asr } = evaluation;
    const points = [{ step, name: 'ca', value: ca.value }];
    if (asr !== null) points.push({ step, name: 'asr', value: asr.value });
    for (const [name, share] of Object.entries(evaluation.metrics)) {
      points.push({ step, name, value: share.value });
    }
    context.emit({ type: 'metrics', step, points });
  } catch (error) {
    throw error instanceof JobStopped ? new JobStopped(step) : error;
  }
}
