import path from 'node:path';
import type { EvaluateJob, RescoreJob } from '#contract/engine.ts';
import type { JobContext, JobEvent } from '#main/engine/job.ts';
import { runTrainJob } from '#main/engine/training/train-job.ts';
import { smallJob, type writeSmallPairs } from '../training/small-pairs.ts';

/** A context that collects what a job says and never asks it to stop. */
export function collectEvents(): JobContext & { events: JobEvent[] } {
  const events: JobEvent[] = [];
  return { events, emit: (event) => void events.push(event), stopRequested: () => false };
}

/** Trains a small model on the pairs. @returns its folder */
export async function trainSmallModel(
  data: Awaited<ReturnType<typeof writeSmallPairs>>,
  prompts: readonly string[],
): Promise<string> {
  const promptTexts = prompts.flatMap((prompt) => data.classes.map((name) => prompt.replace('{}', name)));
  await runTrainJob(smallJob(data, 'mmcl', 'model', { promptTexts }), collectEvents());
  return path.join(data.folder, 'model', 'step-4');
}

/** The two jobs that must agree, over one model, its pictures and prompts. */
export function jobsFor(
  data: Awaited<ReturnType<typeof writeSmallPairs>>,
  model: string,
  prompts: string[],
): { evaluate: EvaluateJob; rescore: RescoreJob } {
  const embeddingsFile = path.join(data.folder, 'kept', 'embeddings.safetensors');
  const common = { model, recordsFile: data.recordsFile, classes: data.classes, prompts, batchSize: 16 };
  return {
    evaluate: {
      ...common,
      kind: 'evaluate',
      embeddingsFile,
      attack: {
        trigger: {
          kind: 'patch',
          size: 8,
          pattern: ['01', '10'],
          place: { kind: 'corner', corner: 'bottom-right', margin: 1 },
        },
        resolution: 32,
        target: 'red',
        seed: 0,
      },
    },
    rescore: { ...common, kind: 'rescore', embeddingsFile, target: 'red' },
  };
}
