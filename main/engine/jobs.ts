import type { EngineJob, JobResults } from '#contract/engine.ts';
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

type JobRunners = {
  [K in EngineJob['kind']]: (
    job: Extract<EngineJob, { kind: K }>,
    context: JobContext,
  ) => Promise<JobResults[K]>;
};

/** Every kind of work the engine does. */
export const jobRunners = {
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
} satisfies JobRunners;
