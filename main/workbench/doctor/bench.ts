import type { BenchStepReport } from '#contract/engine.ts';
import { runToEnd } from '../engine/engine-jobs.ts';
import type { JobContext } from '../engine/job-context.ts';
import { withEngine } from '../engine/queue.ts';
import type { Workspace } from '../workspace.ts';

export interface BenchRequest {
  /** A Python with torch to compare with, or null. */
  python: string | null;
  batchSize: number;
  /** Pairs of measurements; the median is reported. */
  repetitions: number;
}

/** Times one training step of the demo's model, each way that this machine can run it. */
export async function benchStep(
  workspace: Workspace,
  request: BenchRequest,
  context: JobContext,
): Promise<BenchStepReport> {
  const job = { kind: 'bench-step', ...request } as const;
  return withEngine(workspace, context, (engine) =>
    runToEnd<'bench-step'>(engine, job, context, 'nothing was measured.'),
  );
}
