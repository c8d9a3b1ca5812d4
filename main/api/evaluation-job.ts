import type { Evaluation } from '#contract/evaluation.ts';
import type { Engine } from '#main/workbench/engine-client.ts';
import type { JobContext } from '#main/workbench/job-context.ts';
import type { App } from './app.ts';

/** Puts the measuring of a run's model into the queue; the job's result is the evaluation it makes. */
export function startEvaluation(
  { jobs }: Pick<App, 'jobs'>,
  title: string,
  runId: string,
  measure: (engine: Engine, context: JobContext) => Promise<Evaluation>,
): { jobId: string } {
  const jobId = jobs.startOnEngine(
    { kind: 'evaluation', title, topics: ['evaluations', 'runs'], runId },
    async (engine, context) => ({ kind: 'evaluation', id: (await measure(engine, context)).id }),
  );
  return { jobId };
}
