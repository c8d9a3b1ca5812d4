import type { EngineJob, JobResults } from '#contract/engine.ts';
import { runBenchEvaluateJob } from './bench/bench-evaluate-job.ts';
import { runBenchStepJob } from './bench/bench-step-job.ts';
import { runExportModelJob } from './checkpoints/export/export-model-job.ts';
import { runImportModelJob } from './checkpoints/import-model-job.ts';
import { runDetectJob } from './detectors/detect-job.ts';
import { runEmbedJob } from './evaluation/embed-job.ts';
import { runEvaluateJob } from './evaluation/evaluate-job.ts';
import { runReactJob } from './evaluation/react-job.ts';
import { runRescoreJob } from './evaluation/rescore-job.ts';
import { runRetrievalJob } from './evaluation/retrieval-job.ts';
import { runSimilarityJob } from './evaluation/similarity-job.ts';
import type { JobContext } from './job.ts';
import { checkFixtures } from './parity/registry.ts';
import { runOptimisePatchJob } from './patch-optimising/optimise-patch-job.ts';
import { runScanJob } from './scanning/scan-job.ts';
import { runTrainJob } from './training/train-job.ts';

type Jobs = { [K in keyof JobResults]: Extract<EngineJob, { kind: K }> };
type JobRunners = { [K in keyof JobResults]: (job: Jobs[K], context: JobContext) => Promise<JobResults[K]> };

/** Every kind of work the engine does: a job's schema stands in contract/engine.ts. */
const jobRunners: JobRunners = {
  train: runTrainJob,
  evaluate: runEvaluateJob,
  rescore: runRescoreJob,
  react: runReactJob,
  similarity: runSimilarityJob,
  'optimise-patch': runOptimisePatchJob,
  detect: runDetectJob,
  scan: runScanJob,
  retrieval: runRetrievalJob,
  'import-model': runImportModelJob,
  'export-model': runExportModelJob,
  embed: runEmbedJob,
  parity: (job) => checkFixtures(job.fixtures),
  'bench-step': runBenchStepJob,
  'bench-evaluate': runBenchEvaluateJob,
};

/** Does a job. The kind stands apart from it, so that the compiler can tell which result belongs to which job. */
export async function runJob<K extends keyof JobResults>(
  kind: K,
  job: Jobs[K],
  context: JobContext,
): Promise<{ kind: K; result: JobResults[K] }> {
  return { kind, result: await jobRunners[kind](job, context) };
}
