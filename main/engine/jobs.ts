import type { EngineJob, JobResults } from '#contract/engine.ts';
import type { JobContext } from './job.ts';

type Jobs = { [K in keyof JobResults]: Extract<EngineJob, { kind: K }> };
type JobRunner<K extends keyof JobResults> = (job: Jobs[K], context: JobContext) => Promise<JobResults[K]>;

/** Every kind of work the engine does, loaded where it is asked for: a job's schema stands in contract/engine.ts. */
const jobRunners: { [K in keyof JobResults]: () => Promise<JobRunner<K>> } = {
  train: async () => (await import('./training/train-job.ts')).runTrainJob,
  evaluate: async () => (await import('./evaluation/evaluate-job.ts')).runEvaluateJob,
  rescore: async () => (await import('./evaluation/rescore-job.ts')).runRescoreJob,
  react: async () => (await import('./evaluation/react-job.ts')).runReactJob,
  similarity: async () => (await import('./evaluation/similarity-job.ts')).runSimilarityJob,
  'optimise-patch': async () =>
    (await import('./patch-optimising/optimise-patch-job.ts')).runOptimisePatchJob,
  detect: async () => (await import('./detectors/detect-job.ts')).runDetectJob,
  scan: async () => (await import('./scanning/scan-job.ts')).runScanJob,
  retrieval: async () => (await import('./evaluation/retrieval-job.ts')).runRetrievalJob,
  'import-model': async () => (await import('./checkpoints/import-model-job.ts')).runImportModelJob,
  'export-model': async () => (await import('./checkpoints/export/export-model-job.ts')).runExportModelJob,
  embed: async () => (await import('./evaluation/embed-job.ts')).runEmbedJob,
  parity: async () => {
    const { checkFixtures } = await import('./parity/registry.ts');
    return (job) => checkFixtures(job.fixtures);
  },
  'bench-step': async () => (await import('./bench/bench-step-job.ts')).runBenchStepJob,
  'bench-evaluate': async () => (await import('./bench/bench-evaluate-job.ts')).runBenchEvaluateJob,
};

/** Does a job. The kind stands apart from it, so that the compiler can tell which result belongs to which job. */
export async function runJob<K extends keyof JobResults>(
  kind: K,
  job: Jobs[K],
  context: JobContext,
): Promise<{ kind: K; result: JobResults[K] }> {
  const run = await jobRunners[kind]();
  return { kind, result: await run(job, context) };
}
