import type { DetectJob, DetectReport } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { embedAllPairs, withPairs } from '../evaluation/embedded-pairs.ts';
import { type JobContext, JobStopped } from '../job.ts';
import type { PairFeatures } from './features.ts';
import { scorePairs } from './registry.ts';

/** Fewer pairs have no neighbourhoods to compare. */
const fewestPairs = 4;

/**
 * Scores pairs, poisoned ones with their triggers, by a detector on the model's raw features.
 * @throws WorkbenchError `bad-input` for a model with a linear head, which has no text tower, and for too few pairs;
 *   JobStopped
 */
export async function runDetectJob(job: DetectJob, context: JobContext): Promise<DetectReport> {
  const features = await embedPairs(job, context);
  const total = features.count;
  const scores = await scorePairs(features, job.settings, (done) => {
    if (context.stopRequested()) throw new JobStopped(0);
    context.emit({ type: 'progress', phase: 'scoring', done, total });
  });
  return { scores: [...scores] };
}

function embedPairs({ model, recordsFile, attacks, batchSize }: DetectJob, context: JobContext) {
  return withPairs({ model, recordsFile, attacks }, context, async (pairs): Promise<PairFeatures> => {
    const { dim } = pairs;
    const count = pairs.records.length;
    if (count < fewestPairs) {
      const message = `There are ${count} training pairs, and a detection takes ${fewestPairs} at least: choose other data.`;
      throw new WorkbenchError('bad-input', message, { pairs: count });
    }
    return { ...(await embedAllPairs(pairs, batchSize)), count, dim };
  });
}
