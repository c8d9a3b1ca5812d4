import {
  type BenchEvaluateJob,
  type BenchEvaluateReport,
  type BenchedMethod,
  type BenchStepJob,
  type BenchStepReport,
  benchedMethods,
} from '#contract/engine.ts';
import { runToEnd } from '../engine/engine-jobs.ts';
import type { JobContext } from '../engine/job-context.ts';
import { withEngine } from '../engine/queue.ts';
import type { Workspace } from '../workspace.ts';

export interface BenchRequest extends Omit<BenchStepJob, 'kind' | 'method'> {
  /** null: each of them. */
  method: BenchedMethod | null;
}

/** Times one training step of each method, each in an engine of its own, so that peaks are theirs alone. */
export async function benchStep(
  workspace: Workspace,
  { method: only, ...request }: BenchRequest,
  context: JobContext,
): Promise<BenchStepReport> {
  const { model, batchSize, repetitions } = request;
  const report: BenchStepReport = {
    model,
    batchSize,
    mmcl: null,
    cleanclip: null,
    repetitions,
    backend: '',
    torch: null,
  };
  for (const method of benchedMethods) {
    if (only !== null && only !== method) continue;
    const job = { kind: 'bench-step', ...request, method } as const;
    const { timings, backend, torch } = await withEngine(workspace, context, (engine) =>
      runToEnd<'bench-step'>(engine, job, context, 'nothing was measured.'),
    );
    Object.assign(report, { [method]: timings, backend, torch });
  }
  return report;
}

/** Times CA and ASR of a model with random weights, in an engine of its own. */
export function benchEvaluate(
  workspace: Workspace,
  request: Omit<BenchEvaluateJob, 'kind'>,
  context: JobContext,
): Promise<BenchEvaluateReport> {
  const job = { kind: 'bench-evaluate', ...request } as const;
  return withEngine(workspace, context, (engine) =>
    runToEnd<'bench-evaluate'>(engine, job, context, 'nothing was measured.'),
  );
}
