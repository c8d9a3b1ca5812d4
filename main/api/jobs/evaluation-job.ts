import type { Evaluation } from '#contract/evaluation.ts';
import type { Model } from '#contract/run.ts';
import type { Engine } from '#main/workbench/engine/engine-client.ts';
import type { RunContext } from '#main/workbench/engine/job-context.ts';
import { studiedIdOf } from '#main/workbench/models/studied-models.ts';
import type { Workspace } from '#main/workbench/workspace.ts';
import type { JobList } from './job-list.ts';

/** What measuring needs of the host. */
export interface MeasuringHost {
  readonly workspace: Workspace;
  readonly jobs: Pick<JobList, 'startOnEngine'>;
}

/** Puts the measuring of a model into the queue; the job's result is the evaluation it makes. */
export function startEvaluation(
  { jobs }: MeasuringHost,
  { title, model }: { title: string; model: Model },
  measure: (engine: Engine, context: RunContext) => Promise<Evaluation>,
): { jobId: string } {
  const jobId = jobs.startOnEngine(
    { kind: 'evaluation', title, measures: [studiedIdOf(model)], topics: ['evaluations', 'runs'] },
    async (engine, context) => ({ kind: 'evaluation', id: (await measure(engine, context)).id }),
  );
  return { jobId };
}
